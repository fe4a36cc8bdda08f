import { setTimeout as delay } from 'node:timers/promises';
import { bothOf, type Garbage, garbageBetween, noGarbage } from '../../harness/load/garbage-watch.ts';
import type { Timings } from '../../harness/load/timings.ts';
import { seeded, shuffled } from '../../harness/app/random.ts';
import { type Group, presented, type RunningEntry } from './group.ts';

export interface SliceSettings {
  readonly seed: number;
  readonly rounds: number;
  /** Seconds of one slice, and of the first one, which is not measured. */
  readonly slice: number;
  readonly warmUp: number;
  /** The share of busy time that a slice counts from; less tells of the clients, and not of the server. */
  readonly busyFrom?: number;
  /**
   * The baseline takes the first slice of each round, and one more after the last round: so each slice of another entry lies
   * between two of the baseline. Only for servers that are warm: if a load gets cheaper by every slice, the fixed place of the
   * baseline matters. A slice in which a probe came does not count then.
   */
  readonly warm?: boolean;
  begin(running: RunningEntry): Promise<void>;
}

/** What a server used and what its clients got done in one slice. */
export interface Slice {
  readonly count: number;
  /** Messages of an open loop that were sent while it went on, and how many were answered by then. */
  readonly offered: number;
  readonly answered: number;
  readonly wrong: number;
  /** From the first message to the last answer. */
  readonly seconds: number;
  /** us, of the server and of the generator */
  readonly cpu: number;
  readonly generatorCpu: number;
  /** Share of the time that the server's event loop was busy. */
  readonly utilization: number;
  /** Iterations of the event loop, and what the operating system had for it: sockets that could be read, mostly. */
  readonly loops: number;
  readonly events: number;
  /** Whether a probe came. */
  readonly probed: boolean;
  /** Probes that were served otherwise than they should. */
  readonly served: number;
}

/** A slice that counts. */
export interface CountedSlice extends Slice {
  /** Its place among the slices of all entries: of two with turns that lie close, one was taken shortly after the other. */
  readonly turn: number;
}

/** What came of all slices of one server. */
export interface Taken {
  readonly slices: readonly CountedSlice[];
  /** Slices that were not busy enough to count. */
  readonly idle: number;
  /** Over every slice, the first one too: what was wrong, and who was served. */
  readonly wrong: number;
  readonly served: number;
  /** Of the slices that count. */
  readonly garbage: Garbage;
  readonly latency: Timings;
  readonly lag: Timings;
  /** 99th percentile of how late the server's event loop was, in ms. */
  readonly loopDelay: number;
}

interface Sums {
  readonly slices: CountedSlice[];
  idle: number;
  wrong: number;
  served: number;
  garbage: Garbage;
  /** The server's last reading. */
  garbageSoFar: Garbage;
}

/** Below this share of busy time a closed loop tells of its clients, and not of the server. */
export const SATURATED = 0.95;
/**
 * The share of slices in which a probe comes. A connection costs as much as tens of messages, so a `warm` slice with a probe is
 * checked, but not counted. No probe comes to an entry that would serve it: when it leaves, V8 drops compiled code, for some
 * thousand messages.
 */
const INTRUDED = 0.2;
/** How long a server is loaded before a slice is measured, in ms, where it does not say: others had the core before. */
const RAMP = 10;

/**
 * Every running entry takes its slice in every round: in an order drawn anew, and in the next round backwards, so that whoever
 * comes late in one comes early in the other. Where servers are `warm`, the baseline takes the first of each round, and one
 * more at the end. More would be unfair: with every message that a server answered, garbage collection costs it more per message.
 */
export async function takeSlices(
  group: Group,
  runningEntries: readonly RunningEntry[],
  { seed, rounds, busyFrom = 0, warm = false, ...slices }: SliceSettings,
): Promise<Map<RunningEntry, Taken>> {
  const random = seeded(seed);
  const sums = new Map<RunningEntry, Sums>();
  const present = () => runningEntries.filter((running) => group.runningEntries.includes(running));
  for (const running of shuffled(present(), random)) {
    await group.guard(running, async () => {
      const { wrong, served } = await oneSlice(running, slices, slices.warmUp, 0);
      await running.generator.call.clear(running.server.url);
      const [garbageSoFar] = await Promise.all([running.server.call.garbage(), running.server.call.forgetLoopDelay()]);
      sums.set(running, { slices: [], idle: 0, wrong, served, garbage: noGarbage, garbageSoFar });
    });
  }
  for (const [turn, running] of turnsOf(present(), { rounds, warm }, random).entries()) {
    await group.guard(running, async () => {
      const sum = sums.get(running)!;
      const drawn = random();
      // No probe comes before the first slice that counts: in few rounds, every slice could have one.
      const chance = warm && sum.slices.length === 0 ? 1 : drawn;
      const slice = await oneSlice(running, slices, slices.slice, chance);
      const dropped = warm && slice.probed;
      const counts = slice.utilization >= busyFrom && !dropped;
      const [garbage] = await Promise.all([
        running.server.call.garbage(),
        running.generator.call[counts ? 'keep' : 'forget'](running.server.url),
      ]);
      sum.wrong += slice.wrong;
      sum.served += slice.served;
      if (counts) {
        sum.slices.push({ ...slice, turn });
        sum.garbage = bothOf(sum.garbage, garbageBetween(sum.garbageSoFar, garbage));
      } else if (!dropped) sum.idle += 1;
      sum.garbageSoFar = garbage;
    });
  }
  const taken = new Map<RunningEntry, Taken>();
  for (const [running, { garbageSoFar: _, ...sum }] of sums) {
    const { server, generator } = running;
    await group.guard(running, async () => {
      const { latency, lag } = await generator.call.timings(server.url);
      const { p99 } = await server.call.loopDelay();
      taken.set(running, { ...sum, latency, lag, loopDelay: p99 });
    });
  }
  return taken;
}

/** The order of the slices in all rounds. */
export function turnsOf(
  runningEntries: readonly RunningEntry[],
  { rounds, warm = false }: Pick<SliceSettings, 'rounds' | 'warm'>,
  random: () => number,
): readonly RunningEntry[] {
  const baseline = warm ? runningEntries.find(({ entry }) => entry.role === 'baseline') : undefined;
  const others = runningEntries.filter((running) => running !== baseline);
  let order: readonly RunningEntry[] = [];
  const turns = Array.from({ length: rounds }, (_, round) => {
    order = round % 2 === 0 ? shuffled(others, random) : order.toReversed();
    return baseline === undefined ? order : [baseline, ...order];
  });
  return baseline === undefined ? turns.flat() : [...turns.flat(), baseline];
}

/**
 * The server's CPU is read while nothing is in flight, before the first message and after the last answer: so it belongs
 * to the messages that are counted, and to no others. `chance`, in [0, 1), draws whether a probe comes and what it
 * presents.
 */
export async function oneSlice(
  running: RunningEntry,
  { begin, ramp = RAMP }: Pick<SliceSettings, 'begin'> & { readonly ramp?: number },
  seconds: number,
  chance: number,
): Promise<Slice> {
  const { entry, server, generator } = running;
  const { url } = server;
  // A process takes its calls in the order in which they were made, so those that need no answer of another go together.
  const [{ wrong: wrongBefore }] = await Promise.all([generator.call.sample(url), begin(running)]);
  await delay(ramp);
  await generator.call.stop(url);
  const [, usedBefore, doneBefore] = await Promise.all([
    server.call.watch(true),
    server.call.sample(),
    generator.call.sample(url),
    generator.call.time(url, true),
  ]);
  await begin(running);
  const kind = presented[Math.floor(chance * 1000) % presented.length]!;
  const intrusion = entry.guarded && chance < INTRUDED ? generator.call.intrude(url, kind, false) : undefined;
  intrusion?.catch(() => {});
  await delay(seconds * 1000);
  const [inTime, , elapsed] = await Promise.all([
    generator.call.sample(url),
    generator.call.time(url, false),
    generator.call.stop(url),
  ]);
  const [used, done] = await Promise.all([server.call.sample(), generator.call.sample(url), server.call.watch(false)]);
  const served = (await intrusion) ?? !entry.guarded;
  return {
    count: done.count - doneBefore.count,
    offered: inTime.offered - doneBefore.offered,
    answered: inTime.count - doneBefore.count,
    wrong: done.wrong - wrongBefore,
    seconds: elapsed,
    cpu: used.cpu - usedBefore.cpu,
    generatorCpu: done.cpu - doneBefore.cpu,
    utilization: Math.min(1, (used.active - usedBefore.active) / (1000 * elapsed)),
    loops: used.loops - usedBefore.loops,
    events: used.events - usedBefore.events,
    probed: intrusion !== undefined,
    served: Number(served === entry.guarded),
  };
}
