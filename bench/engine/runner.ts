import { inLanes } from '../../harness/app/lanes.ts';
import { withoutFragmentedMemory } from './fragmented-memory.ts';
import { runUndisturbed } from './machine-watch.ts';
import { Progress, type Step } from './progress.ts';
import type { Block, Outcome } from '../model/sample.ts';

/** How many blocks that only wait run side by side. */
const SIDE_BY_SIDE = 10;

/**
 * Runs every block in the given order; blocks that only wait come last and run side by side. Returns what failed.
 * `onOutcome` is called after each block that was run; an error that it throws stops the run.
 */
export async function runBlocks(
  blocks: readonly Block[],
  onOutcome: (block: Block, outcome: Outcome) => void,
): Promise<string[]> {
  const failures: string[] = [];
  const progress = new Progress(expectedSeconds(blocks));
  const runOne = async (block: Block): Promise<void> => {
    const step = stepOf(block);
    progress.started(step);
    let failed: readonly string[] = [];
    let outcome: Outcome | undefined;
    try {
      outcome = await runUndisturbed(block, (why) => progress.again(step, why));
      failed = outcome.failures ?? [];
    } catch (error) {
      failed = [error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)];
    }
    failures.push(...failed.map((failure) => `${block.label}: ${failure}`));
    if (outcome !== undefined) onOutcome(block, outcome);
    progress.finished(step, failed.length === 0 ? undefined : failed.join('; '));
  };
  await withoutFragmentedMemory(async (hold) => {
    for (const block of blocks.filter(({ waits }) => !waits)) {
      await hold();
      await runOne(block);
    }
  });
  // The longest first, so that none is left alone at the end.
  const waiting = blocks.filter(({ waits }) => waits).toSorted((a, b) => b.expected - a.expected);
  await inLanes(waiting, SIDE_BY_SIDE, runOne);
  progress.end();
  return failures;
}

const stepOf = (block: Block): Step => ({
  key: block.key,
  about: block.about ?? block.label,
  label: block.label,
  expected: block.expected,
  cost: costOf(block),
});

export const expectedSeconds = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => sum + costOf(block), 0);

const costOf = ({ expected, waits }: Block): number => (waits ? expected / SIDE_BY_SIDE : expected);
