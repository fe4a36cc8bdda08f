import { describe, expect, it } from 'vitest';
import { seeded } from '../harness/app/random.ts';
import type { Costs } from './costs.ts';
import { exponential, poisson, Station, Timeline } from './engine.ts';
import { loadsOf, mass, type Setting, steady } from './model.ts';
import { sizeOf } from './size.ts';

const costs: Costs = {
  message: 0.1,
  connect: 2,
  renewal: 2,
  commands: { message: 0, connect: 1, renewal: 11, idleSecond: 9 },
  signOut: { cpu: { once: 2, perNode: 0.3 }, commands: { once: 13, perNode: 1 } },
  command: 0.02,
};
const setting: Setting = {
  costs,
  nodes: 20,
  connections: 1_000_000,
  messages: 1 / 60,
  signOuts: 1 / 86_400,
  stays: 3_600_000,
  lifetime: 300_000,
  hop: 0.5,
  stores: 4,
  seed: 1,
};

describe('the simulation', () => {
  it('has the waiting time that theory has for a queue that is half busy', () => {
    const [timeline, random] = [new Timeline(), seeded(1)];
    const station = new Station(timeline);
    let [sum, count] = [0, 0];
    poisson(timeline, 500, random, () => {
      const from = timeline.now;
      station.serve(exponential(1, random), () => {
        sum += timeline.now - from;
        count += 1;
      });
    });
    timeline.runUntil(400_000);
    expect(sum / count).toBeGreaterThan(1.9);
    expect(sum / count).toBeLessThan(2.1);
  });

  it('runs what is planned for one time in the order of the plan', () => {
    const timeline = new Timeline();
    const seen: number[] = [];
    for (const [index, delay] of [3, 1, 2, 1].entries()) timeline.after(delay, () => seen.push(index));
    timeline.runUntil(10);
    expect(seen).toEqual([1, 3, 2, 0]);
  });

  it('follows sign-outs however rarely they come, and says where there are none', () => {
    for (const connections of [1, 1000]) {
      const { staleness } = steady({ ...setting, connections, nodes: 2, stores: 1 });
      expect(staleness?.p50).toBeGreaterThan(1);
      expect(staleness?.p99).toBeLessThan(100);
    }
    expect(steady({ ...setting, signOuts: 0 }).staleness).toBeUndefined();
    expect(() => steady({ ...setting, nodes: 1 })).toThrow(TypeError);
  });

  it('asks the store for a message where it comes rarely, and not for those that follow at once', () => {
    const asking = { ...setting, costs: { ...costs, commands: { ...costs.commands, message: 8 } } };
    const more = (messages: number) =>
      (loadsOf({ ...asking, messages }).commands - loadsOf({ ...setting, messages }).commands) / setting.connections;
    expect(more(1 / 60)).toBeCloseTo(8 / 61, 6);
    expect(more(1000)).toBeLessThan(8);
  });

  it('gives the same figures for the same seed, and others for another', () => {
    const small = { ...setting, connections: 50_000 };
    expect(steady(small)).toEqual(steady(small));
    expect(steady({ ...small, seed: 2 }).staleness).not.toEqual(steady(small).staleness);
  });

  it('says that a queue grows for ever where more is asked than can be served', () => {
    expect(steady({ ...setting, stores: 1, connections: 100_000_000, nodes: 2000 }).staleness?.p99).toBe(Infinity);
  });

  it('asks a node no more of what others are told, however many nodes there are', () => {
    const told = { ...setting, messages: 0, stays: Infinity, lifetime: Infinity };
    expect(loadsOf({ ...told, nodes: 2000 }).node).toBeCloseTo((1_000_000 / 86_400) * 0.0003, 3);
    expect(sizeOf({ ...setting, connections: 1e9 })).toBeUndefined();
    expect(sizeOf({ ...setting, connections: 1e9, reach: 1, sweep: 60 })).toBeDefined();
  });

  it('is as fast for a hundred times as many, on as many more nodes and stores, where one node is told', () => {
    const alike = { ...setting, connections: 200_000, signOuts: 1 / 2000, reach: 1, sweep: 60 };
    const [few, many] = [1, 100].map(
      (times) =>
        steady({ ...alike, connections: times * alike.connections, nodes: times * 20, stores: times }).staleness!,
    );
    expect(many!.p50 / few!.p50).toBeGreaterThan(0.8);
    expect(many!.p50 / few!.p50).toBeLessThan(1.25);
  });

  it('plans the fewest nodes and stores that are no fuller than half', () => {
    const size = sizeOf({ ...setting, messages: 1 })!;
    const at = (changed: Partial<Setting>) => loadsOf({ ...setting, messages: 1, ...size, ...changed });
    expect([at({}).node <= 0.5, at({}).store <= 0.5]).toEqual([true, true]);
    expect(at({ nodes: size.nodes - 1 }).node).toBeGreaterThan(0.5);
    expect(at({ stores: size.stores - 1 }).store).toBeGreaterThan(0.5);
  });

  it('flattens a mass expiry by jitter', () => {
    const jittered = mass({ ...setting, connections: 100_000, nodes: 10 }, [1 / 8, 3 / 8]);
    expect(jittered.peakOverMean).toBeLessThan(1.5);
    expect(jittered.calm).toBeGreaterThan(70_000);
    expect(mass({ ...setting, connections: 100_000, nodes: 10 }, [0, 0]).calm).toBeLessThan(25_000);
  });
});
