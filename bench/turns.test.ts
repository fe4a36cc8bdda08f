import { describe, expect, it, vi } from 'vitest';
import { Field, type Stall } from './field.ts';
import { against, baselineOf, bySlice, medianOf, p99Of, type Slice, type Taken, takeTurns } from './turns.ts';

interface Fake {
  readonly guarded?: boolean;
  /** Wrong answers by the n-th turn, the one that is not measured being the first. */
  readonly wrong?: readonly number[];
  readonly served?: boolean;
  /** Shares of time that the server is busy, turn by turn, the one that is not measured being the first; 1 where absent. */
  readonly busy?: readonly number[];
}

/** An arm whose every turn counts ten messages more. */
function stallOf({ guarded = true, wrong = [], served = false, busy = [] }: Fake): Stall {
  let [turn, readings, active, idle, collected] = [-1, 0, 0, 0, 0];
  const generator = {
    done: async () => ({
      count: 5 * readings++,
      wrong: wrong.slice(0, turn + 1).reduce((sum, one) => sum + one, 0),
    }),
    load: async () => {},
    cpu: async () => 0,
    keep: async () => {},
    forget: async () => {},
    stop: async () => 0.001,
    timings: async () => ({ latency: {}, lag: {} }),
    intrude: async () => served,
  };
  const server = {
    watch: async (on: boolean) => {
      if (on) [turn, collected] = [turn + 1, collected + 1];
    },
    sample: async () => {
      const share = busy[turn] ?? 1;
      [active, idle] = [active + share, idle + 1 - share];
      return { cpu: 0, active, idle, loops: readings, events: 2.5 * readings };
    },
    loopDelay: async () => ({ p99: 7, max: 8 }),
    garbage: async () => {
      const scavenges = collected;
      collected = 0;
      return { ms: 1, scavenges, allocated: 10, youngGeneration: 32 };
    },
  };
  return {
    arm: { guarded, strategy: 'one', variant: null, role: 'contestant' },
    server: { url: '', call: server, stop: vi.fn<() => void>() },
    generator: { call: generator },
  } as unknown as Stall;
}

async function turnsOf(fake: Fake) {
  const stall = stallOf(fake);
  const field = new Field(undefined as never, [stall]);
  const begin = ({ generator, server }: Stall) => generator.call.load(server.url, 1);
  const options = { seed: 1, rounds: 2, turn: 0.001, warmUp: 0.001, busyFrom: 0.95, begin };
  return (await takeTurns(field, [stall], options)).get(stall)!;
}

describe('takeTurns', () => {
  it('has nothing against an arm that answers rightly', async () => {
    const taken = await turnsOf({});
    expect(taken).toMatchObject({ wrong: 0, served: 0, idle: 0 });
    expect(against(taken)).toEqual({});
  });

  it('keeps each turn as a slice, with the round that it was in', async () => {
    const { slices } = await turnsOf({});
    expect(slices.map(({ round }) => round)).toEqual([0, 1]);
    for (const slice of slices) expect(slice).toMatchObject({ count: 10, utilization: 1, loops: 2, events: 5 });
  });

  it('keeps no turn that was not busy enough, and counts it', async () => {
    const { slices, idle } = await turnsOf({ busy: [1, 0.9, 1] });
    expect(slices.map(({ round }) => round)).toEqual([1]);
    expect(idle).toBe(1);
  });

  it('counts what was wrong in a turn that was not busy enough', async () => {
    const taken = await turnsOf({ wrong: [0, 1], busy: [1, 0.5, 0.5] });
    expect(taken).toMatchObject({ slices: [], idle: 2, wrong: 1 });
    expect(against(taken)).toEqual({ wrong: '1 wrong or failed answers' });
  });

  it('has the garbage of the turns that count, and not of the first one', async () => {
    const garbage = { ms: 2, scavenges: 2, allocated: 20, youngGeneration: 32 };
    expect(await turnsOf({})).toMatchObject({ garbage, loopDelay: 7 });
    const half = { ms: 1, scavenges: 1, allocated: 10, youngGeneration: 32 };
    expect(await turnsOf({ busy: [1, 1, 0.5] })).toMatchObject({ garbage: half });
    expect(await turnsOf({ busy: [1, 0.5, 0.5] })).toMatchObject({ garbage: { scavenges: 0, allocated: 0 } });
  });

  it.each([
    ['the turn that is not measured', [1]],
    ['a turn', [0, 0, 1]],
  ])('counts what was wrong in %s', async (_, wrong) => {
    expect(against(await turnsOf({ wrong }))).toEqual({ wrong: '1 wrong or failed answers' });
  });

  it('counts an outsider that was served before anything was measured', async () => {
    const { wrong } = against(await turnsOf({ served: true }));
    expect(wrong).toMatch(/outsiders were answered otherwise/);
  });

  it('serves outsiders where nobody is turned away', async () => {
    expect(against(await turnsOf({ guarded: false, served: true }))).toEqual({});
  });
});

describe('against', () => {
  it('tells an arm that is wrong from a stretch that tells nothing', async () => {
    const taken = await turnsOf({});
    expect(against({ ...taken, wrong: 1 }, 'late')).toEqual({ wrong: '1 wrong or failed answers' });
    expect(against(taken, 'late')).toEqual({ void: 'late' });
    const undone = taken.slices.map((slice) => ({ ...slice, count: 0 }));
    expect(against({ ...taken, slices: undone }, 'late')).toEqual({ void: 'nothing was done' });
    expect(against({ ...taken, slices: [] }, 'late')).toEqual({ void: 'nothing was done' });
    expect(against({ ...taken, slices: [], idle: 2 }, 'late')).toEqual({ void: 'late' });
  });
});

describe('a figure by slices', () => {
  /** Slices of ten messages that cost so many us each, in rounds from 0 on; null: its turn did not count. */
  const costing = (...costs: (number | null)[]): Taken => {
    const slices = costs.flatMap((cost, round) =>
      cost === null ? [] : [{ count: 10, cpu: 10 * cost, round } as Slice],
    );
    return { slices } as unknown as Taken;
  };
  const cost = ({ cpu, count }: Slice): number => cpu / count;

  it('is the median of them', () => {
    expect(medianOf(costing(30, 500, 31), cost)).toBe(31);
    const withNothing = [...costing(30, 32).slices, { ...costing(1).slices[0]!, count: 0 }];
    expect(medianOf({ ...costing(), slices: withNothing }, cost)).toBe(31);
  });

  it('is compared round by round: what slows a whole round drops out', () => {
    const found = bySlice(costing(33, 66, 44, 330), costing(30, 60, 40, 300), cost);
    expect(found.value).toBe(55);
    expect(found.paired?.ratio).toBeCloseTo(1.1);
    expect(found.paired?.added).toBeCloseTo(5);
  });

  it('is the middle of the rounds: one slice that is off moves neither', () => {
    const { paired } = bySlice(costing(33, 33, 33, 3300, 33), costing(30, 30, 30, 30, 30), cost);
    expect(paired?.ratio).toBeCloseTo(1.1);
    expect(paired?.added).toBeCloseTo(3);
  });

  it('leaves out a round that one of the two did not count in', () => {
    const { paired } = bySlice(costing(null, 40, 90), costing(10, 20, null), cost);
    expect(paired).toEqual({ ratio: 2, added: 20 });
  });

  it('is compared with nothing where no round has both, or nothing is there to compare with', () => {
    expect(bySlice(costing(30, null), costing(null, 30), cost)).toEqual({ value: 30 });
    expect(bySlice(costing(30), undefined, cost)).toEqual({ value: 30 });
  });

  it('is compared with the baseline of its field', () => {
    const [row, door] = ['contestant', 'baseline'].map((role) => ({ arm: { role } }) as Stall) as [Stall, Stall];
    const of = new Map([[row, costing(1)], [door, costing(2)]]); // prettier-ignore
    expect(baselineOf(of)).toBe(of.get(door));
    expect(baselineOf(new Map([[row, costing(1)]]))).toBeUndefined();
  });
});

describe('p99Of', () => {
  const timings = { p50: 1, p99: 2, distribution: [] };

  it('is void where fewer than ten times lie beyond it', () => {
    const few = p99Of('latency-p99', { ...timings, count: 999 }, { params: {} });
    expect(few.void).toBe('too few samples for a 99th percentile');
    expect(p99Of('latency-p99', { ...timings, count: 1000 }, { params: {} }).void).toBeUndefined();
  });
});
