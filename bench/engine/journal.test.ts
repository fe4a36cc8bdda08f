import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Journal } from './journal.ts';
import type { Block, Outcome } from '../model/sample.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'journal-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const block = (key: string): Block => ({ key, label: key, repetition: 0, expected: 1, run: async () => outcome(1) });
const outcome = (value: number): Outcome => ({
  samples: [
    {
      suite: 'parse-cost',
      entry: { role: 'baseline', strategy: '_no-auth', variant: null },
      metric: 'server-cpu-per-message',
      value,
      params: {},
    },
  ],
});

it('a run that was killed while it wrote goes on with every block that was whole', () => {
  const path = folder();
  const journal = Journal.begin(path);
  journal.add(block('a'), outcome(1));
  journal.add(block('b'), outcome(2));
  appendFileSync(join(path, 'blocks.jsonl'), 'null\n{"key":"c","samples":null}\n{"key":"c","repet');
  const resumed = Journal.resume(path)!;
  expect(['a', 'b', 'c'].map((key) => resumed.has(block(key)))).toEqual([true, true, false]);
  resumed.add(block('c'), outcome(3));
  expect(Journal.resume(path)!.samples.map(({ value }) => value)).toEqual([1, 2, 3]);
});

it('a block that failed in part is run again', () => {
  const path = folder();
  Journal.begin(path).add(block('a'), { ...outcome(1), failures: ['session hardened: it answered nobody'] });
  expect(Journal.resume(path)!.has(block('a'))).toBe(false);
});

it('there is nothing to go on with where nothing was begun', () => {
  expect(Journal.resume(folder())).toBeUndefined();
});

it('a journal without broken lines is only read, and one with a broken line is replaced in one step', () => {
  const path = folder();
  const file = join(path, 'blocks.jsonl');
  Journal.begin(path).add(block('a'), outcome(1));
  const { ino } = statSync(file);
  Journal.resume(path);
  expect(statSync(file).ino).toBe(ino);
  appendFileSync(file, '{"key":"b","repet');
  Journal.resume(path);
  expect(statSync(file).ino).not.toBe(ino);
  expect(readdirSync(path)).toEqual(['blocks.jsonl']);
});
