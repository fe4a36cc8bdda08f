import type { Group, RunningEntry } from '../engine/group.ts';
import { type Entry, type EntryKey, entryKeyOf, nameOf } from '../model/entry.ts';
import type { Metric } from '../model/metrics.ts';
import type { Profile } from '../model/profiles.ts';
import type { Run } from '../model/run-file.ts';
import type { Block, Outcome, Sample, Watch } from '../model/sample.ts';

/** What a suite measures of servers that are all up at once. */
export interface Stage {
  /** Seconds, for one entry. */
  readonly expected: number;
  /** Only in so many repetitions; in all of them where it is absent. */
  readonly repetitions?: number;
  /** Repetitions, from the first on, in which it measures the peers too; all of its repetitions where it is absent. */
  readonly peerRepetitions?: number | undefined;
  /**
   * Prepares a server once all servers are up, for example by a warm-up. The processes are not pinned meanwhile, because this
   * takes less time with all cores. Stages that prepare nothing come first, on servers as they started.
   */
  readonly prepare?: (running: RunningEntry) => Promise<void>;
  measure(
    group: Group,
    runningEntries: readonly RunningEntry[],
    seed: number,
  ): Promise<ReadonlyMap<RunningEntry, readonly Sample[]>>;
}

/** A picture of a suite. RESULTS.md shows it as a file, and report.html in the page. */
export interface Chart {
  /** The name of its file, such as `latency.svg`. */
  readonly file: string;
  /** What it shows, in words. */
  readonly alt: string;
  /** A whole SVG document; null where the run has nothing to draw. */
  readonly svg: string | null;
}

/** What a suite is, whatever it is set to. */
interface SuiteText {
  readonly id: string;
  /** Its place in the reports: sections come in this order, then by id. */
  readonly order: number;
  readonly title: string;
  /** What a reader learns from it. */
  readonly question: string;
  /** How it is measured, for the report. */
  readonly method: string;
  /** The profiles that run it; `--suite` runs it in any. */
  readonly profiles: readonly string[];
  /** Whether its figures are of several nodes, and not of one server. */
  readonly ofNodes?: true;
  /** The roles that have a row; the baseline always has one. */
  readonly takes: readonly EntryKey['role'][];
  /** Metrics that are only this suite's, by name. Those of several suites are in `model/metrics.ts`. */
  readonly metrics?: Readonly<Record<string, Metric>>;
  /** What a reader must hold against its figures, a sentence each. */
  readonly limits?: readonly string[];
  /** Why it cannot be measured on this machine, if so. */
  missing?(): string | undefined;
  /** What this machine lacks that it goes on without, and how to get it, a line each. */
  lacks?(): readonly string[];
  /** Its tables, in Markdown, from the cells of a run. */
  section?(run: Run): string;
  charts?(run: Run): readonly Chart[];
}

/** A suite with its settings of type `S`. */
export interface SuiteDefinition<S> extends SuiteText {
  /** `default` has every setting; a profile names those that differ, by its id. */
  readonly settings: { readonly default: S } & Readonly<Record<string, Partial<S>>>;
  /** Measured in groups that the suites of a run share, one after the other. */
  stages?(profile: Profile, settings: S): readonly Stage[];
  /** Measured by itself. */
  blocks?(entries: readonly Entry[], profile: Profile, settings: S): Block[];
}

/** A suite, as the plan of a run uses it. */
export interface Suite extends SuiteText {
  stages?(profile: Profile): readonly Stage[];
  blocks?(entries: readonly Entry[], profile: Profile): Block[];
}

/**
 * The suite of a folder; its `index.ts` exports it as `default`.
 *
 * @example
 * export default defineSuite({
 *   id: 'boot-time', order: 200, title: 'How long a server starts', question: '...', method: '...',
 *   profiles: ['full'], takes: ['strategy'],
 *   metrics: { 'boot-time': { unit: 'ms', better: 'lower' } },
 *   settings: { default: { starts: 3 } },
 *   blocks: (entries, profile, { starts }) => ...,
 * });
 */
export function defineSuite<S extends object>({ settings, stages, blocks, ...text }: SuiteDefinition<S>): Suite {
  const of = (profile: Profile): S => settingsOf({ settings }, profile.id);
  return {
    ...text,
    ...(stages && { stages: (profile: Profile) => stages(profile, of(profile)) }),
    ...(blocks && { blocks: (entries: readonly Entry[], profile: Profile) => blocks(entries, profile, of(profile)) }),
  };
}

/** Settings in a profile: those that it names, and the default for all others. */
const settingsOf = <S extends object>({ settings }: Pick<SuiteDefinition<S>, 'settings'>, profile: string): S => ({
  ...settings.default,
  ...(Object.hasOwn(settings, profile) && settings[profile]),
});

/** A block for each entry and repetition, whose figures are that entry's. */
export function entryBlocks(
  { id: suite, takes }: Pick<Suite, 'id' | 'takes'>,
  what: string,
  entries: readonly Entry[],
  repetitions: number,
  options: Pick<Block, 'expected' | 'waits'>,
  measure: (
    entry: Entry,
    repetition: number,
    watch: Watch,
  ) => Promise<readonly Sample[] | (Pick<Outcome, 'timelines'> & { samples: readonly Sample[] })>,
): Block[] {
  return Array.from({ length: repetitions }, (_, repetition) =>
    entries
      .filter(({ role }) => role === 'baseline' || takes.includes(role))
      .map((entry): Block => ({
        key: `${suite} ${what} ${nameOf(entry)} ${repetition}`,
        label: `${suite}, ${what}: ${nameOf(entry)}`,
        repetition,
        ...options,
        async run(watch) {
          const result = await measure(entry, repetition, watch);
          const { samples, timelines } = 'samples' in result ? result : { samples: result, timelines: undefined };
          const owned = samples.map((sample) => ({ ...sample, suite, entry: entryKeyOf(entry) }));
          return { samples: owned, ...(timelines && { timelines }) };
        },
      })),
  ).flat();
}
