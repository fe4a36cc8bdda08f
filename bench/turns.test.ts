import { describe, expect, it, vi } from 'vitest';
import { Field, type Stall } from './field.ts';
import { against, p99Of, takeTurns } from './turns.ts';

interface Fake {
  readonly guarded?: boolean;
  /** Wrong answers by the n-th turn, the one that is not measured being the first. */
  readonly wrong?: readonly number[];
  readonly served?: boolean;
}

/** An arm whose every turn counts ten messages more. */
function stallOf({ guarded = true, wrong = [], served = false }: Fake): Stall {
  let [turn, readings] = [-1, 0];
  const generator = {
    done: async () => ({
      count: 10 * readings++,
      wrong: wrong.slice(0, turn + 1).reduce((sum, one) => sum + one, 0),
    }),
    load: async () => void (turn += 1),
    cpu: async () => 0,
    keep: async () => {},
    forget: async () => {},
    stop: async () => {},
    timings: async () => ({ latency: {}, lag: {} }),
    intrude: async () => served,
  };
  const server = {
    sample: async () => ({ cpu: 0, active: performance.now(), idle: 0, gc: 0 }),
    loopDelay: async () => 0,
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
  const options = { seed: 1, rounds: 2, turn: 0.001, warmUp: 0.001, begin };
  return (await takeTurns(field, [stall], options)).get(stall)!;
}

describe('takeTurns', () => {
  it('has nothing against an arm that answers rightly', async () => {
    const taken = await turnsOf({});
    expect(taken).toMatchObject({ wrong: 0, served: 0, turns: 2 });
    expect(against(taken)).toEqual({});
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
    expect(against({ ...taken, count: 0 }, 'late')).toEqual({ void: 'nothing was done' });
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
