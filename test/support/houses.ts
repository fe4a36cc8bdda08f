import { describe, it } from 'vitest';
import type { Rule } from './layout-rules.ts';
import { type Source, sourceOf } from './sources.ts';

/** A rule, and a small made-up repository that breaks it. */
export interface House {
  readonly title: string;
  readonly rule: Rule;
  /** A house that breaks the rule, and what is said of it. */
  readonly broken: Readonly<Record<string, string>>;
  readonly findings: readonly string[];
  /**
   * How a finding begins that is still to be mended in this repository. The list gets shorter and never longer: an
   * exception without a finding fails the test.
   */
  readonly stillBroken?: readonly string[];
}

/** Runs each rule on the sources, and on its made-up house. */
export function holds(houses: readonly House[], sources: readonly Source[]): void {
  describe.each(houses)('$title', ({ rule, broken, findings, stillBroken = [] }) => {
    it('in this repository', ({ expect }) => {
      const found = rule(sources);
      expect(found.filter((line) => !stillBroken.some((start) => line.startsWith(start)))).toEqual([]);
      // What is mended is no exception any more: delete it from the list.
      expect(stillBroken.filter((start) => !found.some((line) => line.startsWith(start)))).toEqual([]);
    });

    it('or else it is told', ({ expect }) => {
      const example = Object.entries(broken).map(([path, text]) => sourceOf(path, text));
      expect(rule(example)).toEqual(findings);
    });
  });
}
