import { type Recorded, toCells } from './cells.ts';
import { Progress } from './progress.ts';
import type { Run } from './run-file.ts';
import { seeded, shuffled } from './statistics.ts';
import type { Block } from './suite.ts';

/** How many blocks that only wait run side by side. */
const SIDE_BY_SIDE = 8;

export interface RunnerOptions {
  readonly seed: number;
  /** Called with all cells so far after each block. */
  readonly onCells: (cells: Run['cells']) => void;
}

/** Runs every block and answers what failed, by label. Each repetition's order is drawn from the seed. */
export async function runBlocks(blocks: readonly Block[], { seed, onCells }: RunnerOptions): Promise<string[]> {
  const samples: Recorded[] = [];
  const failures: string[] = [];
  const progress = new Progress(blocks.length, expectedSeconds(blocks));
  const runOne = async (block: Block): Promise<void> => {
    progress.started(block.label);
    let failure: string | undefined;
    try {
      const { suite, repetition } = block;
      for (const sample of await block.run()) samples.push({ ...sample, suite, repetition });
      onCells(toCells(samples));
    } catch (error) {
      failure = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error);
      failures.push(`${block.label}: ${failure}`);
    }
    progress.finished(block.label, costOf(block), failure);
  };
  for (const block of inOrder(
    blocks.filter(({ waits }) => !waits),
    seed,
  ))
    await runOne(block);
  const waiting = inOrder(
    blocks.filter(({ waits }) => waits),
    seed,
  );
  const lanes = Array.from({ length: SIDE_BY_SIDE }, async () => {
    for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) await runOne(block);
  });
  await Promise.all(lanes);
  progress.end();
  return failures;
}

export const expectedSeconds = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => sum + costOf(block), 0);

const costOf = ({ expected, waits }: Block): number => (waits ? expected / SIDE_BY_SIDE : expected);

/** Repetition by repetition, so that whatever drifts, drifts for all arms alike; within one, the groups shuffled. */
function inOrder(blocks: readonly Block[], seed: number): Block[] {
  const random = seeded(seed);
  const repetitions = Math.max(0, ...blocks.map(({ repetition }) => repetition + 1));
  return Array.from({ length: repetitions }, (_, repetition) => {
    const own = blocks.filter((block) => block.repetition === repetition);
    const groups = shuffled([...new Set(own.map(({ group }) => group))], random);
    return groups.flatMap((group) => own.filter((block) => block.group === group));
  }).flat();
}
