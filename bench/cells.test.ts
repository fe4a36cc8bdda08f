import { describe, expect, it } from 'vitest';
import { type Recorded, toCells } from './cells.ts';

const openDoor = (repetition: number, value: number): Recorded =>
  sample('_open-door', repetition, value, { owner: { role: 'baseline', strategy: '_open-door', variant: 'hardened' } });

const sample = (strategy: string, repetition: number, value: number, extra: Partial<Recorded> = {}): Recorded => ({
  suite: 'parse-cost',
  owner: { role: 'contestant', strategy, variant: 'hardened' },
  repetition,
  metric: 'server-cpu-per-message',
  value,
  params: { load: 'saturated' },
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
    expect(session).toMatchObject({ median: 18, added: 3, blocks: [12, 24] });
    expect(session?.ratio?.estimate).toBeCloseTo(1.2);
    expect(other?.ratio).toBeNull();
  });

  it('leaves a void block out, keeps its place, and says why where none is left', () => {
    const [half, none] = toCells([
      sample('session', 0, 1, { void: 'not saturated' }),
      sample('session', 1, 3),
      sample('other', 0, 1, { void: 'not saturated' }),
    ]);
    expect(half).toMatchObject({ blocks: [null, 3], median: 3 });
    expect(half?.void).toBeUndefined();
    expect(none).toMatchObject({ blocks: [null], void: 'not saturated' });
  });

  it('is censored where one of its blocks is', () => {
    const [cell] = toCells([sample('session', 0, 1), sample('session', 1, 2000, { censored: true })]);
    expect(cell?.censored).toBe(true);
  });
});
