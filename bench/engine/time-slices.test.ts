import { describe, expect, it, vi } from 'vitest';
import { seeded } from '../../harness/app/random.ts';
import { Group, type RunningEntry } from './group.ts';
import { against } from './slice-figures.ts';
import { takeSlices, turnsOf } from './time-slices.ts';

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

async function slicesOf(fake: Fake, { warm = false, rounds = 2, seed = 1 } = {}) {
  const running = runningOf(fake);
  const group = new Group(undefined as never, [running]);
  const begin = ({ generator, server }: RunningEntry) => generator.call.load(server.url, 1);
  const options = { seed, rounds, slice: 0.001, warmUp: 0.001, busyFrom: 0.95, warm, begin };
  return (await takeSlices(group, [running], options)).get(running)!;
}

describe('takeSlices', () => {
  it('has nothing against an entry that answers rightly', async () => {
    const taken = await slicesOf({});
    expect(taken).toMatchObject({ wrong: 0, served: 0, idle: 0 });
    expect(against(taken)).toEqual({});
  });

  it('keeps each slice as a slice, with its turn', async () => {
    const { slices } = await slicesOf({});
    expect(slices.map(({ turn }) => turn)).toEqual([0, 1]);
    for (const slice of slices) expect(slice).toMatchObject({ count: 10, utilization: 1, loops: 2, events: 5 });
  });

  it('keeps no slice that was not busy enough, and counts it', async () => {
    const { slices, idle } = await slicesOf({ busy: [1, 0.9, 1] });
    expect(slices.map(({ turn }) => turn)).toEqual([1]);
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

  it('checks a slice of messages in which a probe came, and does not count it', async () => {
    const { slices, idle } = await slicesOf({}, { warm: true, rounds: 40 });
    expect(slices.length).toBeGreaterThan(0);
    expect(slices.length).toBeLessThan(40);
    expect(slices.filter(({ probed }) => probed)).toEqual([]);
    expect(idle).toBe(0);
    expect((await slicesOf({}, { rounds: 40 })).slices.length).toBe(40);
    expect((await slicesOf({ served: true }, { warm: true, rounds: 40 })).served).toBeGreaterThan(1);
  });

  it('counts at least one slice of messages, whatever is drawn', async () => {
    for (let seed = 1; seed <= 20; seed++)
      expect((await slicesOf({}, { warm: true, rounds: 1, seed })).slices.length).toBe(1);
  });

  it('counts a probe that was served before anything was measured', async () => {
    const { wrong } = against(await slicesOf({ served: true }));
    expect(wrong).toMatch(/probes were answered otherwise/);
  });

  it('serves probes where nobody is turned away', async () => {
    expect(against(await slicesOf({ guarded: false, served: true }))).toEqual({});
  });
});

describe('the order of the slices', () => {
  const named = (strategy: string, role = 'strategy') => ({ entry: { strategy, role } }) as unknown as RunningEntry;
  const baseline = named('-', 'baseline');
  const others = ['a', 'b', 'c', 'd', 'e'].map((id) => named(id));
  const textOf = (turns: readonly RunningEntry[]) => turns.map(({ entry }) => entry.strategy).join('');

  it('has a slice of the baseline first in each round, and last of all', () => {
    const text = textOf(turnsOf([others[0]!, baseline, ...others.slice(1)], { rounds: 2, warm: true }, seeded(1)));
    expect(text).toMatch(/^(-[a-e]{5}){2}-$/);
    const rounds = [text.slice(0, 6), text.slice(6, 12)].map((round) => round.replaceAll('-', ''));
    expect(rounds[0]!.split('').toSorted().join('')).toBe('abcde');
    expect(rounds[1]).toBe(rounds[0]!.split('').toReversed().join(''));
  });

  it('is drawn by the seed', () => {
    const of = (seed: number) => textOf(turnsOf([baseline, ...others], { rounds: 4, warm: true }, seeded(seed)));
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
  });

  it('draws the place of the baseline as that of all others where servers are not warm', () => {
    const text = textOf(turnsOf([baseline, ...others], { rounds: 2 }, seeded(1)));
    expect([text.slice(0, 6), text.slice(6)].map((round) => round.split('').toSorted().join(''))).toEqual([
      '-abcde',
      '-abcde',
    ]);
  });

  it('is that of the rounds where nobody is compared', () => {
    expect(textOf(turnsOf([others[0]!], { rounds: 2, warm: true }, seeded(1)))).toBe('aa');
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
