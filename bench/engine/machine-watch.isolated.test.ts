import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Block, Outcome } from '../model/sample.ts';
import { runBlocks } from './runner.ts';

const reconnects = {
  suite: 'expiry',
  entry: { role: 'strategy', strategy: 'session', variant: 'hardened' },
  metric: 'reconnects',
  value: 5,
  params: {},
} as const;
const voided = { ...reconnects, void: 'the machine stood still for 6.0 s' };

/** A block whose runs are busy for a minute, and stopped for so many ms in its middle; the n-th one has n figures, or fails. */
function stoppedFor(pauses: readonly number[], failing: readonly number[] = []): Block & { runs: number } {
  return {
    key: 'expiry 0',
    label: 'expiry',
    repetition: 0,
    expected: 1,
    waits: true,
    runs: 0,
    async run(watch) {
      const pause = pauses[this.runs]!;
      this.runs += 1;
      await watch.during(async () => {
        vi.advanceTimersByTime(30_000);
        vi.setSystemTime(Date.now() + pause);
        vi.advanceTimersByTime(30_000);
      });
      if (failing.includes(this.runs)) throw new Error('it was not let in');
      return { samples: Array.from({ length: this.runs }, () => reconnects), timelines: [] };
    },
  };
}

async function outcomeOf(block: Block): Promise<{ outcome: Outcome | undefined; failures: string[] }> {
  let outcome: Outcome | undefined;
  const failures = await runBlocks([block], (_, one) => (outcome = one));
  return { outcome, failures };
}

describe('a block whose figures are times by the clock', () => {
  let told: string[];
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    told = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it('counts as it is where the machine went on', async () => {
    const block = stoppedFor([900]);
    expect(await outcomeOf(block)).toEqual({ outcome: { samples: [reconnects], timelines: [] }, failures: [] });
    expect(told.join('')).not.toContain('again');
  });

  it('is run once more where the machine stood still, and tells so', async () => {
    const { outcome } = await outcomeOf(stoppedFor([6000, 0]));
    expect(outcome).toEqual({ samples: [reconnects, reconnects], timelines: [] });
    expect(told.join('')).toContain('run again: expiry: the machine stood still for 6.0 s\n');
  });

  it('is void, and has no timelines, where the machine stood still in four runs', async () => {
    const block = stoppedFor([1500, 1500, 1500, 6000, 0]);
    const { outcome } = await outcomeOf(block);
    expect(outcome).toEqual({ samples: [voided, voided, voided, voided] });
    expect(block.runs).toBe(4);
  });

  it('counts by its fourth run where only that one was undisturbed', async () => {
    const { outcome } = await outcomeOf(stoppedFor([1500, 1500, 1500, 0]));
    expect(outcome).toEqual({ samples: [reconnects, reconnects, reconnects, reconnects], timelines: [] });
  });

  it('fails once it fails without a pause', async () => {
    const failures = ['expiry: it was not let in'];
    expect(await outcomeOf(stoppedFor([0], [1]))).toEqual({ outcome: undefined, failures });
    expect(await outcomeOf(stoppedFor([6000, 0], [1]))).toMatchObject({ failures: [] });
    expect(await outcomeOf(stoppedFor([6000, 0], [1, 2]))).toEqual({ outcome: undefined, failures });
  });

  it('is not run once more where it was not watching, since its figures are of another kind', async () => {
    const block = stoppedFor([6000]);
    const untimed: Block = { ...block, run: () => block.run({ during: (use) => use() }) };
    expect((await outcomeOf(untimed)).outcome).toEqual({ samples: [reconnects], timelines: [] });
  });
});
