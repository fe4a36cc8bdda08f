import { describe, expect, it, vi } from 'vitest';
import { Group, type RunningEntry } from './group.ts';
import {
  against,
  baselineOf,
  bySlice,
  medianOf,
  p99Of,
  type CountedSlice,
  type Taken,
  takeSlices,
} from './time-slices.ts';

interface Fake {
  readonly guarded?: boolean;
  /** Wrong answers by the n-th slice, the one that is not measured being the first. */
  readonly wrong?: readonly number[];
  readonly served?: boolean;
  /** Shares of time that the server is busy, slice by slice, the one that is not measured being the first; 1 where absent. */
  readonly busy?: readonly number[];
}

/** An entry whose every slice counts ten messages more. */
function runningOf({ guarded = true, wrong = [], served = false, busy = [] }: Fake): RunningEntry {
  let [slice, readings, active, idle, collected] = [-1, 0, 0, 0, 0];
  const generator = {
    sample: async () => ({
      count: 5 * readings++,
      cpu: 0,
      wrong: wrong.slice(0, slice + 1).reduce((sum, one) => sum + one, 0),
    }),
    load: async () => {},
    time: async () => {},
    keep: async () => {},
    forget: async () => {},
    clear: async () => {},
    stop: async () => 0.001,
    timings: async () => ({ latency: {}, lag: {} }),
    intrude: async () => served,
  };
  const server = {
    watch: async (on: boolean) => {
      if (on) [slice, collected] = [slice + 1, collected + 1];
    },
    sample: async () => {
      const share = busy[slice] ?? 1;
      [active, idle] = [active + share, idle + 1 - share];
      return { cpu: 0, active, idle, loops: readings, events: 2.5 * readings };
    },
    loopDelay: async () => ({ p99: 7, max: 8 }),
    forgetLoopDelay: async () => {},
    garbage: async () => ({ ms: collected, scavenges: collected, allocated: 10 * collected, youngGeneration: 32 }),
  };
  return {
    entry: { guarded, strategy: 'one', variant: null, role: 'strategy' },
    server: { url: '', call: server, stop: vi.fn<() => void>() },
    generator: { call: generator },
  } as unknown as RunningEntry;
}

async function slicesOf(fake: Fake) {
  const running = runningOf(fake);
  const group = new Group(undefined as never, [running]);
  const begin = ({ generator, server }: RunningEntry) => generator.call.load(server.url, 1);
  const options = { seed: 1, rounds: 2, slice: 0.001, warmUp: 0.001, busyFrom: 0.95, begin };
  return (await takeSlices(group, [running], options)).get(running)!;
}

describe('takeSlices', () => {
  it('has nothing against an entry that answers rightly', async () => {
    const taken = await slicesOf({});
    expect(taken).toMatchObject({ wrong: 0, served: 0, idle: 0 });
    expect(against(taken)).toEqual({});
  });

  it('keeps each slice as a slice, with the round that it was in', async () => {
    const { slices } = await slicesOf({});
    expect(slices.map(({ round }) => round)).toEqual([0, 1]);
    for (const slice of slices) expect(slice).toMatchObject({ count: 10, utilization: 1, loops: 2, events: 5 });
  });

  it('keeps no slice that was not busy enough, and counts it', async () => {
    const { slices, idle } = await slicesOf({ busy: [1, 0.9, 1] });
    expect(slices.map(({ round }) => round)).toEqual([1]);
    expect(idle).toBe(1);
  });

  it('counts what was wrong in a slice that was not busy enough', async () => {
    const taken = await slicesOf({ wrong: [0, 1], busy: [1, 0.5, 0.5] });
    expect(taken).toMatchObject({ slices: [], idle: 2, wrong: 1 });
    expect(against(taken)).toEqual({ wrong: '1 wrong or failed answers' });
  });

  it('has the garbage of the slices that count, and not of the first one', async () => {
    const garbage = { ms: 2, scavenges: 2, allocated: 20, youngGeneration: 32 };
    expect(await slicesOf({})).toMatchObject({ garbage, loopDelay: 7 });
    const half = { ms: 1, scavenges: 1, allocated: 10, youngGeneration: 32 };
    expect(await slicesOf({ busy: [1, 1, 0.5] })).toMatchObject({ garbage: half });
    expect(await slicesOf({ busy: [1, 0.5, 0.5] })).toMatchObject({ garbage: { scavenges: 0, allocated: 0 } });
  });

  it.each([
    ['the slice that is not measured', [1]],
    ['a slice', [0, 0, 1]],
  ])('counts what was wrong in %s', async (_, wrong) => {
    expect(against(await slicesOf({ wrong }))).toEqual({ wrong: '1 wrong or failed answers' });
  });

  it('counts a probe that was served before anything was measured', async () => {
    const { wrong } = against(await slicesOf({ served: true }));
    expect(wrong).toMatch(/probes were answered otherwise/);
  });

  it('serves probes where nobody is turned away', async () => {
    expect(against(await slicesOf({ guarded: false, served: true }))).toEqual({});
  });
});

describe('against', () => {
  it('tells an entry that is wrong from a stretch that tells nothing', async () => {
    const taken = await slicesOf({});
    expect(against({ ...taken, wrong: 1 }, 'late')).toEqual({ wrong: '1 wrong or failed answers' });
    expect(against(taken, 'late')).toEqual({ void: 'late' });
    const undone = taken.slices.map((slice) => ({ ...slice, count: 0 }));
    expect(against({ ...taken, slices: undone }, 'late')).toEqual({ void: 'nothing was done' });
    expect(against({ ...taken, slices: [] }, 'late')).toEqual({ void: 'nothing was done' });
    expect(against({ ...taken, slices: [], idle: 2 }, 'late')).toEqual({ void: 'late' });
  });
});

describe('a figure by slices', () => {
  /** Slices of ten messages that cost so many us each, in rounds from 0 on; null: its slice did not count. */
  const costing = (...costs: (number | null)[]): Taken => {
    const slices = costs.flatMap((cost, round) =>
      cost === null ? [] : [{ count: 10, cpu: 10 * cost, round } as CountedSlice],
    );
    return { slices } as unknown as Taken;
  };
  const cost = ({ cpu, count }: CountedSlice): number => cpu / count;

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

  it('is compared with the baseline of its group', () => {
    const [row, door] = ['strategy', 'baseline'].map((role) => ({ entry: { role } }) as RunningEntry) as [
      RunningEntry,
      RunningEntry,
    ];
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
