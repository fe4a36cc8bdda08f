import { metrics } from './suites/registry.ts';
import { join, relative } from 'node:path';
import { toCells } from './model/cells.ts';
import type { Journal } from './engine/journal.ts';
import { type Run, writeRun } from './model/run-file.ts';
import { expectedSeconds, runBlocks } from './engine/runner.ts';
import type { Block, Recorded } from './model/sample.ts';
import { nameOf } from './model/entry.ts';
import { quoted } from './report/quoted.ts';

/** The exit codes that a shell expects of a process that a signal ended. */
const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

export interface Measurement {
  /** The run so far: a new one, or one that was stopped. */
  readonly run: Run;
  /** The folder that it grows in. */
  readonly out: string;
  readonly journal: Journal;
  readonly blocks: readonly Block[];
  /** The command that goes on with the run once it was stopped. */
  readonly goOn: string;
}

/** Runs the blocks that are left. The run.json in `out` is written after each of them, so that it is valid at any time. */
export async function measureRun({ run: begun, out, journal, blocks, goOn }: Measurement): Promise<Run> {
  const file = join(out, 'run.json');
  const startedAt = Date.now();
  let run = begun;
  const keep = (change: Partial<Run>): void => {
    const seconds = begun.seconds + (Date.now() - startedAt) / 1000;
    run = { ...run, ...change, seconds, cells: toCells(journal.samples, metrics), timelines: journal.timelines };
    writeRun(file, run);
  };
  keep({ complete: false });
  for (const [signal, code] of signals) {
    process.once(signal, () => {
      const shown = relative(process.cwd(), file);
      process.stderr.write(`\nStopped. The ${run.cells.length} figures so far are kept in ${quoted(shown)}\n`);
      process.stderr.write(`Go on with: ${goOn}\n`);
      process.exit(code);
    });
  }
  const left = blocks.filter((block) => !journal.has(block));
  const minutes = Math.max(1, Math.round(expectedSeconds(left) / 60));
  process.stderr.write(`Measuring for about ${minutes} min. Ctrl-C keeps what is done.\n`);
  const failed = await runBlocks(left, (block, outcome) => {
    journal.add(block, outcome);
    keep({});
  });
  const failures = [...failed, ...wrongAnswers(journal.samples)];
  keep({ complete: failures.length === 0, failures });
  return run;
}

/** Entries that gave wrong answers, which may be faster than right ones. */
function wrongAnswers(samples: readonly Recorded[]): string[] {
  const told = samples.flatMap(({ wrong, entry, suite }) =>
    wrong === undefined ? [] : [`${suite}: ${nameOf(entry)}: ${wrong}`],
  );
  return [...new Set(told)];
}
