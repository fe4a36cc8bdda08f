import { setTimeout as delay } from 'node:timers/promises';
import { bothOf, type Garbage, noGarbage } from '../harness/garbage-watch.ts';
import { tells, type Timings } from '../harness/timings.ts';
import { seeded, shuffled } from '../harness/random.ts';
import { type Field, presented, type Stall } from './field.ts';
import { median } from './statistics.ts';
import type { Paired, Sample } from './suite.ts';

export interface Turns {
  readonly seed: number;
  readonly rounds: number;
  /** Seconds of one turn, and of the first one, which is not measured. */
  readonly turn: number;
  readonly warmUp: number;
  /** The share of busy time that a turn counts from; less tells of the clients, and not of the server. */
  readonly busyFrom?: number;
  begin(stall: Stall): Promise<void>;
}

/** What a server used and what its clients got done in one turn. */
export interface Turn {
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
  /** Turns of the event loop, and what the operating system had for it: sockets that could be read, mostly. */
  readonly loops: number;
  readonly events: number;
  /** Outsiders that were served otherwise than they should. */
  readonly served: number;
}

/** A turn that counts. */
export interface Slice extends Turn {
  readonly round: number;
}

/** What came of all turns of one server. */
export interface Taken {
  readonly slices: readonly Slice[];
  /** Turns that were not busy enough to count. */
  readonly idle: number;
  /** Over every turn, the first one too: what was wrong, and who was served. */
  readonly wrong: number;
  readonly served: number;
  /** Of the turns that count. */
  readonly garbage: Garbage;
  readonly latency: Timings;
  readonly lag: Timings;
  /** 99th percentile of how late the server's event loop was, in ms. */
  readonly loopDelay: number;
}

interface Sums {
  readonly slices: Slice[];
  idle: number;
  wrong: number;
  served: number;
  garbage: Garbage;
}

/** Below this share of busy time a closed loop tells of its clients, and not of the server. */
export const SATURATED = 0.95;
/**
 * The share of turns in which an outsider comes: a connection costs as much as tens of messages. None comes where it would be
 * served: it would tell nothing, and as it leaves V8 drops what it has compiled, for some thousand messages.
 */
const INTRUDED = 0.2;
/** How long a server is loaded before a turn is measured, in ms, where it does not say: others had the core before. */
const RAMP = 10;

/**
 * Every stall takes its turn in every round: in an order drawn anew, and in the next round backwards, so that whoever
 * comes late in one comes early in the other.
 */
export async function takeTurns(
  field: Field,
  stalls: readonly Stall[],
  { seed, rounds, busyFrom = 0, ...turns }: Turns,
): Promise<Map<Stall, Taken>> {
  const random = seeded(seed);
  const sums = new Map<Stall, Sums>();
  const present = () => stalls.filter((stall) => field.stalls.includes(stall));
  for (const stall of shuffled(present(), random)) {
    await field.guard(stall, async () => {
      const { wrong, served } = await oneTurn(stall, turns, turns.warmUp, 0);
      sums.set(stall, { slices: [], idle: 0, wrong, served, garbage: noGarbage });
      await stall.generator.call.forget(stall.server.url);
      await Promise.all([stall.server.call.loopDelay(), stall.server.call.garbage()]);
    });
  }
  let order: readonly Stall[] = [];
  for (let round = 0; round < rounds; round++) {
    order = round % 2 === 0 ? shuffled(present(), random) : order.toReversed();
    for (const stall of order.filter((one) => field.stalls.includes(one))) {
      await field.guard(stall, async () => {
        const turn = await oneTurn(stall, turns, turns.turn, random());
        const counts = turn.utilization >= busyFrom;
        await (counts ? stall.generator.call.keep(stall.server.url) : stall.generator.call.forget(stall.server.url));
        const sum = sums.get(stall)!;
        sum.wrong += turn.wrong;
        sum.served += turn.served;
        const garbage = await stall.server.call.garbage();
        if (counts) {
          sum.slices.push({ ...turn, round });
          sum.garbage = bothOf(sum.garbage, garbage);
        } else sum.idle += 1;
      });
    }
  }
  const taken = new Map<Stall, Taken>();
  for (const [stall, sum] of sums) {
    const { server, generator } = stall;
    await field.guard(stall, async () => {
      const { latency, lag } = await generator.call.timings(server.url);
      const { p99 } = await server.call.loopDelay();
      taken.set(stall, { ...sum, latency, lag, loopDelay: p99 });
    });
  }
  return taken;
}

/**
 * The server's CPU is read while nothing is in flight, before the first message and after the last answer: so it belongs
 * to the messages that are counted, and to no others. `chance`, in [0, 1), draws whether an outsider comes and what it
 * presents.
 */
export async function oneTurn(
  stall: Stall,
  { begin, ramp = RAMP }: Pick<Turns, 'begin'> & { readonly ramp?: number },
  seconds: number,
  chance: number,
): Promise<Turn> {
  const { arm, server, generator } = stall;
  const { url } = server;
  const reading = (timed: boolean) =>
    Promise.all([server.call.sample(), generator.call.done(url, timed), generator.call.cpu()]);
  const { wrong: wrongBefore } = await generator.call.done(url, false);
  await begin(stall);
  await delay(ramp);
  await generator.call.stop(url);
  await server.call.watch(true);
  const [usedBefore, doneBefore, generatorBefore] = await reading(true);
  await begin(stall);
  const kind = presented[Math.floor(chance * 1000) % presented.length]!;
  const intrusion = arm.guarded && chance < INTRUDED ? generator.call.intrude(url, kind, false) : undefined;
  intrusion?.catch(() => {});
  await delay(seconds * 1000);
  const inTime = await generator.call.done(url, false);
  const elapsed = await generator.call.stop(url);
  const [used, done, generatorUsed] = await reading(false);
  await server.call.watch(false);
  const served = (await intrusion) ?? !arm.guarded;
  return {
    count: done.count - doneBefore.count,
    offered: inTime.offered - doneBefore.offered,
    answered: inTime.count - doneBefore.count,
    wrong: done.wrong - wrongBefore,
    seconds: elapsed,
    cpu: used.cpu - usedBefore.cpu,
    generatorCpu: generatorUsed - generatorBefore,
    utilization: Math.min(1, (used.active - usedBefore.active) / (1000 * elapsed)),
    loops: used.loops - usedBefore.loops,
    events: used.events - usedBefore.events,
    served: Number(served === arm.guarded),
  };
}

/** One figure of every slice that has something to tell. */
export type Figure = (slice: Slice) => number;

/** The taken turns of a field's baseline. */
export const baselineOf = (taken: ReadonlyMap<Stall, Taken>): Taken | undefined =>
  [...taken].find(([{ arm }]) => arm.role === 'baseline')?.[1];

/** The median over the slices. */
export const medianOf = ({ slices }: Taken, figure: Figure): number => median(counted(slices).map(figure));

/** A figure of a block, and beside the baseline, slice by slice. */
export function bySlice(taken: Taken, baseline: Taken | undefined, figure: Figure): Pick<Sample, 'value' | 'paired'> {
  const paired = pairedWith(taken, baseline, figure);
  return { value: medianOf(taken, figure), ...(paired && { paired }) };
}

/**
 * The same against the baseline's slices of the same rounds: what slows the machine for longer than a round slows both,
 * and drops out. Undefined where no round has both.
 */
function pairedWith(taken: Taken, baseline: Taken | undefined, figure: Figure): Paired | undefined {
  const base = new Map(counted(baseline?.slices ?? []).map((slice) => [slice.round, figure(slice)]));
  const pairs = counted(taken.slices).flatMap((slice) => {
    const beside = base.get(slice.round);
    return beside === undefined ? [] : [[figure(slice), beside] as const];
  });
  if (pairs.length === 0) return undefined;
  return {
    ratio: median(pairs.map(([own, beside]) => own / beside)),
    added: median(pairs.map(([own, beside]) => own - beside)),
  };
}

const counted = (slices: readonly Slice[]): Slice[] => slices.filter(({ count }) => count > 0);

/**
 * What speaks against the figures of a stretch: wrong answers, or outsiders that were treated as they should not be;
 * or else that nothing was done, or `reason`.
 */
export function against(
  { wrong, served, slices, idle }: Pick<Taken, 'wrong' | 'served' | 'slices' | 'idle'>,
  reason?: string,
): Pick<Sample, 'wrong' | 'void'> {
  if (wrong > 0) return { wrong: `${wrong} wrong or failed answers` };
  if (served > 0) return { wrong: `${served} outsiders were answered otherwise than they should be` };
  const voided = counted(slices).length === 0 && idle === 0 ? 'nothing was done' : reason;
  return voided === undefined ? {} : { void: voided };
}

/** A 99th percentile as a figure, void where the times do not tell it. */
export function p99Of(metric: Sample['metric'], timings: Timings, rest: Omit<Sample, 'metric' | 'value'>): Sample {
  const untold = tells(timings.count, 99) ? {} : { void: 'too few samples for a 99th percentile' };
  return { metric, value: timings.p99, ...untold, ...rest };
}
