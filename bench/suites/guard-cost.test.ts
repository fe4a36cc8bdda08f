import { beforeAll, describe, expect, it } from 'vitest';
import { guardCost } from '../../test/support/compiled.ts';
import { loadArms } from '../arms.ts';
import { profiles } from '../profiles.ts';
import { type Arm, nameOf, type Outcome } from '../suite.ts';

const arms = await loadArms();
const profile = {
  ...profiles.find(({ id }) => id === 'smoke')!,
  decision: { warmUp: 0.001, turn: 0.001, rounds: 2 },
  decisionRepetitions: 1,
};
const armOf = (name: string): Arm => arms.find((arm) => nameOf(arm) === name)!;
const openDoor = armOf('_open-door');
const cheap = armOf('handshake-only hardened');
const verifying = armOf('access-refresh as-published');
/** It says that it turns forged credentials away, and does not. */
const unlocked: Arm = { ...openDoor, role: 'contestant', strategy: 'unlocked', guarded: true };
/** It says that it lets everybody in, and does not. */
const locked: Arm = { ...cheap, strategy: 'locked', guarded: false };
const missing: Arm = {
  ...cheap,
  strategy: 'missing',
  contender: { kind: 'strategy', id: 'missing', variant: 'hardened' },
};

const blocksOf = (taking: readonly Arm[]) => guardCost.blocks!(taking, profile);

describe('a block of guard-cost', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    const [block] = blocksOf([openDoor, armOf('_busy-100us'), cheap, verifying, unlocked, locked, missing]);
    outcome = await block!.run();
  }, 60_000);
  const sampleOf = (arm: Pick<Arm, 'strategy'>) =>
    outcome.samples.find(({ owner }) => owner.strategy === arm.strategy)!;

  it.each([openDoor, cheap, verifying])('has a figure of $strategy that counts', (arm) => {
    const sample = sampleOf(arm);
    expect(sample).toMatchObject({ suite: 'guard-cost', metric: 'guard-time', params: {} });
    expect(sample.value).toBeGreaterThan(0);
    expect(sample.wrong).toBeUndefined();
  });

  it('compares each with the baseline, round by round', () => {
    expect(sampleOf(openDoor).paired).toEqual({ ratio: 1, added: 0 });
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
    expect(outcome.samples.map(({ owner }) => owner.strategy)).not.toContain('missing');
  });
});

describe('the blocks of guard-cost', () => {
  it('are one for each repetition, and leave out whoever has no guard of this project', () => {
    const [first, second] = guardCost.blocks!(arms, { ...profile, decisionRepetitions: 2 });
    expect([first, second].map((block) => block?.key)).toEqual(['guard-cost 0', 'guard-cost 1']);
    const whole = arms.filter(({ role }) => role !== 'peer' && role !== 'rung');
    expect(first!.expected).toBe(blocksOf(whole)[0]!.expected);
  });

  it('take at most 25 s in all in the default profile', () => {
    const quick = profiles.find(({ id }) => id === 'quick')!;
    const taking = arms.filter(({ strategy, role }) => role !== 'control' || quick.controls.includes(strategy));
    const seconds = guardCost.blocks!(taking, quick).map(({ expected }) => expected);
    expect(seconds.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(25);
  });
});
