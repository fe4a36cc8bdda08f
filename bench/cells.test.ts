import { describe, expect, it } from 'vitest';
import { toCells } from './cells.ts';
import type { Recorded } from './suite.ts';

const openDoor = (repetition: number, value: number): Recorded =>
  sample('_open-door', repetition, value, { owner: { role: 'baseline', strategy: '_open-door', variant: 'hardened' } });

const sample = (strategy: string, repetition: number, value: number, extra: Partial<Recorded> = {}): Recorded => ({
  suite: 'parse-cost',
  owner: { role: 'contestant', strategy, variant: 'hardened' },
  repetition,
  metric: 'server-cpu-per-message',
  value,
  params: { load: 'saturated' },
  block: `field ${repetition}`,
  ...extra,
});

describe('cells', () => {
  it('sets each arm beside the baseline of the same metric and parameters', () => {
    const cells = toCells([
      openDoor(0, 10),
      sample('session', 0, 12),
      openDoor(1, 20),
      sample('session', 1, 24),
      sample('session', 0, 99, { params: { load: 'half' } }),
    ]);
    const [baseline, session, other] = cells;
    expect(baseline).toMatchObject({ median: 15, ratio: null, added: null });
    expect(session).toMatchObject({ median: 18, added: { estimate: 3 }, blocks: [12, 24], beside: [10, 20] });
    expect(session?.ratio?.estimate).toBeCloseTo(1.2);
    expect(other?.ratio).toBeNull();
  });

  it('pairs an arm with the baseline of its own block, where a repetition has several', () => {
    const [baseline, , here, there] = toCells([
      { ...openDoor(0, 10), block: 'a' },
      { ...openDoor(0, 20), block: 'b' },
      sample('twin', 0, 10, { block: 'a' }),
      sample('here', 0, 12, { block: 'a' }),
      sample('there', 0, 12, { block: 'b' }),
    ]);
    expect(baseline).toMatchObject({ blocks: [15] });
    expect(here?.beside).toEqual([10]);
    expect(there?.ratio).toMatchObject({ estimate: expect.closeTo(0.6) as number, n: 1, p: null });
  });

  it('pairs an arm that has its blocks to itself with the baseline of the repetition', () => {
    const [, session] = toCells([{ ...openDoor(0, 10), block: 'a' }, sample('session', 0, 12, { block: 'its own' })]);
    expect(session?.beside).toEqual([10]);
  });

  it('pairs nothing with a baseline whose block was void', () => {
    const [, session] = toCells([{ ...openDoor(0, 10), void: 'not saturated' }, sample('session', 0, 12)]);
    expect(session).toMatchObject({ median: 12, ratio: null, beside: null });
  });

  it('keeps the percentiles that every block has, by their medians', () => {
    const distribution = (p50: number): [number, number][] => [
      [50, p50],
      ...(p50 > 1 ? [[99, 9] as [number, number]] : []),
    ];
    const [cell] = toCells(
      [1, 2, 3].map((p50, index) => sample('session', index, p50, { distribution: distribution(p50) })),
    );
    expect(cell?.distribution).toEqual([[50, 2]]);
  });

  it('leaves a void block out, keeps its place, and says why where none is left', () => {
    const [half, none] = toCells([
      sample('session', 0, 1, { void: 'not saturated' }),
      sample('session', 1, 3),
      sample('other', 0, 1, { void: 'not saturated' }),
    ]);
    expect(half).toMatchObject({ blocks: [null, 3], median: 3, voided: ['not saturated'] });
    expect(half?.void).toBeUndefined();
    expect(none).toMatchObject({ blocks: [null], void: 'not saturated' });
  });

  it('is void altogether where one block was wrong: who answers wrongly has no figure', () => {
    const [cell] = toCells([sample('session', 0, 1), sample('session', 1, 3, { wrong: '3 wrong or failed answers' })]);
    expect(cell).toMatchObject({ blocks: [null, null], void: '3 wrong or failed answers', ratio: null });
  });

  it('is censored where one of its blocks is', () => {
    const [cell] = toCells([sample('session', 0, 1), sample('session', 1, 2000, { censored: true })]);
    expect(cell?.censored).toBe(true);
  });
});
