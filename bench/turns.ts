import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { tells, type Timings } from '../harness/timings.ts';
import { seeded, shuffled } from '../harness/random.ts';
import { type Field, presented, type Stall } from './field.ts';
import type { Sample } from './suite.ts';

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

/**
 * What a server used and what its clients got done, added up over the turns that were measured; what was wrong and who
 * was served, over all of every turn, the first one too.
 */
export interface Measured {
  readonly count: number;
  /** Messages that were sent, in an open loop. */
  readonly offered: number;
  readonly wrong: number;
  readonly seconds: number;
  /** us, of the server and of the generator */
  readonly cpu: number;
  readonly generatorCpu: number;
  /** Share of the time that the server's event loop was busy. */
  readonly utilization: number;
  /** Turns that count, and those that were not busy enough: these add nothing but what went wrong in them. */
  readonly turns: number;
  readonly idleTurns: number;
  /** ms */
  readonly gc: number;
  /** Outsiders that were served otherwise than they should. */
  readonly served: number;
}

export interface Taken extends Measured {
  readonly latency: Timings;
  readonly lag: Timings;
  /** 99th percentile of how late the server's event loop was, in ms. */
  readonly loopDelay: number;
}

/** Below this share of busy time a closed loop tells of its clients, and not of the server. */
export const SATURATED = 0.95;
/** The share of turns in which an outsider comes: a connection costs as much as tens of messages. */
const INTRUDED = 0.2;
/** How long a turn runs before it is measured, in ms, where it does not say: the loop has to fill. */
const RAMP = 40;

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
  const sums = new Map<Stall, Measured>();
  const present = () => stalls.filter((stall) => field.stalls.includes(stall));
  for (const stall of shuffled(present(), random)) {
    await field.guard(stall, async () => {
      sums.set(stall, withoutFigures(await oneTurn(stall, turns, turns.warmUp, 0)));
      await stall.generator.call.forget(stall.server.url);
      await stall.server.call.loopDelay();
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
        sums.set(stall, add(sums.get(stall)!, counts ? turn : { ...withoutFigures(turn), idleTurns: 1 }));
      });
    }
  }
  const taken = new Map<Stall, Taken>();
  for (const [stall, sum] of sums) {
    const { server, generator } = stall;
    await field.guard(stall, async () => {
      const { latency, lag } = await generator.call.timings(server.url);
      taken.set(stall, { ...sum, latency, lag, loopDelay: (await server.call.loopDelay()).p99 });
    });
  }
  return taken;
}

/** What is left of a turn that does not count: whether its answers were right. */
const withoutFigures = (turn: Measured): Measured => ({
  ...turn,
  count: 0,
  offered: 0,
  seconds: 0,
  cpu: 0,
  generatorCpu: 0,
  gc: 0,
  turns: 0,
});

/** `chance`, in [0, 1), draws whether an outsider comes and what it presents. */
export async function oneTurn(
  stall: Stall,
  { begin, ramp = RAMP }: Pick<Turns, 'begin'> & { readonly ramp?: number },
  seconds: number,
  chance: number,
): Promise<Measured> {
  const { arm, server, generator } = stall;
  const reading = (timed: boolean) =>
    Promise.all([server.call.sample(timed), generator.call.done(server.url, timed), generator.call.cpu()]);
  const { wrong: wrongBefore } = await generator.call.done(server.url, false);
  await begin(stall);
  await delay(ramp);
  const [usedBefore, doneBefore, generatorBefore] = await reading(true);
  const startedAt = performance.now();
  const kind = presented[Math.floor(chance * 1000) % presented.length]!;
  const intrusion = chance < INTRUDED ? generator.call.intrude(server.url, kind) : undefined;
  intrusion?.catch(() => {});
  await delay(seconds * 1000);
  const [used, done, generatorUsed] = await reading(false);
  const elapsed = (performance.now() - startedAt) / 1000;
  await generator.call.stop(server.url);
  const { wrong } = await generator.call.done(server.url, false);
  const served = (await intrusion) ?? !arm.guarded;
  const [active, idle] = [used.active - usedBefore.active, used.idle - usedBefore.idle];
  return {
    count: done.count - doneBefore.count,
    offered: done.offered - doneBefore.offered,
    wrong: wrong - wrongBefore,
    seconds: elapsed,
    cpu: used.cpu - usedBefore.cpu,
    generatorCpu: generatorUsed - generatorBefore,
    utilization: active / (active + idle),
    turns: 1,
    idleTurns: 0,
    gc: used.gc - usedBefore.gc,
    served: Number(served === arm.guarded),
  };
}

function add(sum: Measured, turn: Measured): Measured {
  const seconds = sum.seconds + turn.seconds;
  return {
    count: sum.count + turn.count,
    offered: sum.offered + turn.offered,
    wrong: sum.wrong + turn.wrong,
    seconds,
    cpu: sum.cpu + turn.cpu,
    generatorCpu: sum.generatorCpu + turn.generatorCpu,
    utilization: seconds === 0 ? 0 : (sum.utilization * sum.seconds + turn.utilization * turn.seconds) / seconds,
    turns: sum.turns + turn.turns,
    idleTurns: sum.idleTurns + turn.idleTurns,
    gc: sum.gc + turn.gc,
    served: sum.served + turn.served,
  };
}

/**
 * What speaks against the figures of a stretch: wrong answers, or outsiders that were treated as they should not be;
 * or else that nothing was done, or `reason`.
 */
export function against(measured: Measured, reason?: string): Pick<Sample, 'wrong' | 'void'> {
  const { wrong, served, count, idleTurns } = measured;
  if (wrong > 0) return { wrong: `${wrong} wrong or failed answers` };
  if (served > 0) return { wrong: `${served} outsiders were answered otherwise than they should be` };
  const voided = count === 0 && idleTurns === 0 ? 'nothing was done' : reason;
  return voided === undefined ? {} : { void: voided };
}

/** A 99th percentile as a figure, void where the times do not tell it. */
export function p99Of(metric: Sample['metric'], timings: Timings, rest: Omit<Sample, 'metric' | 'value'>): Sample {
  const untold = tells(timings.count, 99) ? {} : { void: 'too few samples for a 99th percentile' };
  return { metric, value: timings.p99, ...untold, ...rest };
}
