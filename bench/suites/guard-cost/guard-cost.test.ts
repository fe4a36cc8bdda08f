import { beforeAll, describe, expect, it } from 'vitest';
import { guardCost } from '../../../test/support/compiled.ts';
import { loadEntries } from '../../entries.ts';
import { profiles } from '../../model/profiles.ts';
import { type Entry, nameOf } from '../../model/entry.ts';
import type { Outcome } from '../../model/sample.ts';

const entries = await loadEntries();
const profile = profiles.find(({ id }) => id === 'smoke')!;
const entryOf = (name: string): Entry => entries.find((entry) => nameOf(entry) === name)!;
const noAuth = entryOf('_no-auth');
const cheap = entryOf('handshake-only hardened');
const verifying = entryOf('access-refresh as-published');
/** It says that it turns forged credentials away, and does not. */
const unlocked: Entry = { ...noAuth, role: 'strategy', strategy: 'unlocked', guarded: true };
/** It says that it lets everybody in, and does not. */
const locked: Entry = { ...cheap, strategy: 'locked', guarded: false };
const missing: Entry = {
  ...cheap,
  strategy: 'missing',
  spec: { kind: 'strategy', id: 'missing', variant: 'hardened' },
};

const blocksOf = (taking: readonly Entry[]) => guardCost.blocks!(taking, profile);

describe('a block of guard-cost', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    const [block] = blocksOf([noAuth, entryOf('_busy-100us'), cheap, verifying, unlocked, locked, missing]);
    outcome = await block!.run({ during: (use) => use() });
  }, 60_000);
  const sampleOf = ({ strategy }: Pick<Entry, 'strategy'>) =>
    outcome.samples.find(({ entry }) => entry.strategy === strategy)!;

  it.each([noAuth, cheap, verifying])('has a figure of $strategy that counts', (entry) => {
    const sample = sampleOf(entry);
    expect(sample).toMatchObject({ suite: 'guard-cost', metric: 'guard-time', params: {} });
    expect(sample.value).toBeGreaterThan(0);
    expect(sample.wrong).toBeUndefined();
  });

  it('compares each with the baseline, round by round', () => {
    expect(sampleOf(noAuth).paired).toEqual({ ratio: 1, added: 0 });
    expect(sampleOf(verifying).paired!.ratio).toBeGreaterThan(1);
  });

  it('finds a known cost', () => {
    expect(sampleOf({ strategy: '_busy-100us' }).paired!.ratio).toBeGreaterThan(1);
  });

  it('is wrong where the guard lets everybody in, or turns away whom it should not', () => {
    expect(sampleOf(unlocked)).toMatchObject({ wrong: 'the guard admitted a forged credential' });
    expect(sampleOf(locked)).toMatchObject({ wrong: 'the guard refused whom it should admit' });
    expect(sampleOf(unlocked)).not.toHaveProperty('paired');
  });

  it('tells what could not be started, and measures the others', () => {
    expect(outcome.failures).toEqual([expect.stringMatching(/^missing hardened: No strategy 'missing'/)]);
    expect(outcome.samples.map(({ entry }) => entry.strategy)).not.toContain('missing');
  });
});

describe('the blocks of guard-cost', () => {
  it('are one for each repetition, and leave out whoever has no guard of this project', () => {
    const brief = { ...profile, id: 'brief' };
    const [first, second, ...rest] = guardCost.blocks!(entries, brief);
    expect([first, second].map((block) => block?.key)).toEqual(['guard-cost 0', 'guard-cost 1']);
    expect(rest).toHaveLength(4);
    const whole = entries.filter(({ role }) => role !== 'peer' && role !== 'platform-layer');
    expect(first!.expected).toBe(guardCost.blocks!(whole, brief)[0]!.expected);
  });

  it('take at most 5 s a strategy in the default profile', () => {
    const quick = profiles.find(({ id }) => id === 'quick')!;
    const taking = entries.filter(({ strategy, role }) => role !== 'control' || quick.controls.includes(strategy));
    const strategies = new Set(entries.filter(({ role }) => role === 'strategy').map(({ strategy }) => strategy));
    const seconds = guardCost.blocks!(taking, quick).map(({ expected }) => expected);
    expect(seconds.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(5 * strategies.size);
  });
});
