import { metrics } from '../suites/registry.ts';
import { describe, expect, it } from 'vitest';
import { toCells } from './cells.ts';
import type { Recorded } from './sample.ts';

const noAuth = (repetition: number, value: number): Recorded =>
  sample('_no-auth', repetition, value, { entry: { role: 'baseline', strategy: '_no-auth', variant: 'hardened' } });

const sample = (strategy: string, repetition: number, value: number, extra: Partial<Recorded> = {}): Recorded => ({
  suite: 'parse-cost',
  entry: { role: 'strategy', strategy, variant: 'hardened' },
  repetition,
  metric: 'server-cpu-per-message',
  value,
  params: { load: 'saturated' },
  block: `group ${repetition}`,
  ...extra,
});

describe('cells', () => {
  it('sets each entry beside the baseline of the same metric and parameters', () => {
    const cells = toCells(
      [
        noAuth(0, 10),
        sample('session', 0, 12),
        noAuth(1, 20),
        sample('session', 1, 24),
        sample('session', 0, 99, { params: { load: 'half' } }),
      ],
      metrics,
    );
    const [baseline, session, other] = cells;
    expect(baseline).toMatchObject({ median: 15, ratio: null, added: null });
    expect(session).toMatchObject({ median: 18, added: { estimate: 3 }, blocks: [12, 24] });
    expect(session).toMatchObject({ ratios: [1.2, 1.2], addeds: [2, 4] });
    expect(session?.ratio?.estimate).toBeCloseTo(1.2);
    expect(other?.ratio).toBeNull();
  });

  it('pairs an entry with the baseline of its own block, where a repetition has several', () => {
    const [baseline, , here, there] = toCells(
      [
        { ...noAuth(0, 10), block: 'a' },
        { ...noAuth(0, 20), block: 'b' },
        sample('twin', 0, 10, { block: 'a' }),
        sample('here', 0, 12, { block: 'a' }),
        sample('there', 0, 12, { block: 'b' }),
      ],
      metrics,
    );
    expect(baseline).toMatchObject({ blocks: [15] });
    expect(here).toMatchObject({ ratios: [1.2], addeds: [2] });
    expect(there?.ratio).toMatchObject({ estimate: expect.closeTo(0.6) as number, ciLow: null, ciHigh: null, n: 1 });
  });

  it('pairs an entry that has its blocks to itself with the baseline of the repetition', () => {
    const [, session] = toCells(
      [{ ...noAuth(0, 10), block: 'a' }, sample('session', 0, 12, { block: 'its own' })],
      metrics,
    );
    expect(session).toMatchObject({ ratios: [1.2], addeds: [2] });
  });

  it('pairs nothing with a baseline whose block was void', () => {
    const [, session] = toCells([{ ...noAuth(0, 10), void: 'not saturated' }, sample('session', 0, 12)], metrics);
    expect(session).toMatchObject({ median: 12, ratio: null, added: null, ratios: null, addeds: null });
  });

  it('pairs block by block, so that what drifts for both drops out', () => {
    const drifting = [10, 20, 40, 80, 160, 320];
    const [, session] = toCells(
      drifting.flatMap((value, repetition) => [noAuth(repetition, value), sample('session', repetition, value * 1.5)]),
      metrics,
    );
    expect(session?.ratio?.n).toBe(6);
    for (const bound of [session?.ratio?.estimate, session?.ratio?.ciLow, session?.ratio?.ciHigh]) {
      expect(bound).toBeCloseTo(1.5);
    }
    expect(session?.added).toEqual({ estimate: 42.5, ciLow: 5, ciHigh: 160 });
  });

  it('takes what was paired slice by slice in the place of the figures of the whole blocks', () => {
    const paired = { ratio: 1.25, added: 2.5 };
    const [, session, other] = toCells(
      [
        noAuth(0, 10),
        sample('session', 0, 14, { paired }),
        sample('other', 0, 14, { paired, void: 'its young generation was in another state' }),
      ],
      metrics,
    );
    expect(session).toMatchObject({ blocks: [14], ratios: [1.25], addeds: [2.5] });
    expect(other).toMatchObject({ blocks: [null], ratios: [null], addeds: [null], ratio: null, added: null });
  });

  it('leaves out a block that has no pair, and keeps its place', () => {
    const [, session] = toCells(
      [
        noAuth(0, 10),
        { ...noAuth(1, 10), void: 'not saturated' },
        sample('session', 0, 12),
        sample('session', 1, 99),
        sample('session', 2, 12, { void: 'not saturated' }),
      ],
      metrics,
    );
    expect(session).toMatchObject({ blocks: [12, 99, null], ratios: [1.2, null, null], ratio: { n: 1 } });
  });

  it('has no interval where there are fewer than six blocks', () => {
    const of = (blocks: number) =>
      toCells(
        Array.from({ length: blocks }, (_, block) => sample('session', block, 10 + block)),
        metrics,
      )[0];
    expect(of(5)).toMatchObject({ median: 12, ciLow: null, ciHigh: null });
    expect(of(6)).toMatchObject({ median: 12.5, ciLow: 10, ciHigh: 15 });
  });

  it('keeps the percentiles that every block has, by their medians', () => {
    const distribution = (p50: number): [number, number][] => [
      [50, p50],
      ...(p50 > 1 ? [[99, 9] as [number, number]] : []),
    ];
    const [cell] = toCells(
      [1, 2, 3].map((p50, index) => sample('session', index, p50, { distribution: distribution(p50) })),
      metrics,
    );
    expect(cell?.distribution).toEqual([[50, 2]]);
  });

  it('leaves a void block out, keeps its place, and says why where none is left', () => {
    const [half, none] = toCells(
      [
        sample('session', 0, 1, { void: 'not saturated' }),
        sample('session', 1, 3),
        sample('other', 0, 1, { void: 'not saturated' }),
      ],
      metrics,
    );
    expect(half).toMatchObject({ blocks: [null, 3], median: 3, voided: ['not saturated'] });
    expect(half?.void).toBeUndefined();
    expect(none).toMatchObject({ blocks: [null], void: 'not saturated' });
  });

  it('is void altogether where one block was wrong: who answers wrongly has no figure', () => {
    const [cell] = toCells(
      [sample('session', 0, 1), sample('session', 1, 3, { wrong: '3 wrong or failed answers' })],
      metrics,
    );
    expect(cell).toMatchObject({ blocks: [null, null], void: '3 wrong or failed answers', ratio: null });
  });

  it('is censored where one of its blocks is', () => {
    const [cell] = toCells([sample('session', 0, 1), sample('session', 1, 2000, { censored: true })], metrics);
    expect(cell?.censored).toBe(true);
  });
});
