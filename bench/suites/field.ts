import { setTimeout as delay } from 'node:timers/promises';
import { type Generator, startGenerator } from '../../harness/generator.ts';
import { type Server, startServer } from '../../harness/server.ts';
import type { ServerSpec } from '../../harness/server-process.ts';
import { seeded, shuffled } from '../statistics.ts';
import type { Arm } from '../suite.ts';

/** An arm's server, and the generator that is aimed at it. */
export interface Stall {
  readonly arm: Arm;
  readonly server: Server;
  readonly generator: Generator;
}

/** What a server used and what its clients got done, added up over the stretches that were measured. */
export interface Measured {
  readonly count: number;
  readonly wrong: number;
  readonly seconds: number;
  /** us */
  readonly cpu: number;
  /** Share of the time that the server's event loop was busy. */
  readonly utilization: number;
}

/** Servers that start side by side. */
const BOOTED_AT_ONCE = 3;

/**
 * A fresh server for every arm and one generator for all, up at the same time. Arms take turns of a fraction of a
 * second: whatever slows this machine for longer than that, slows all of them alike.
 */
export class Field {
  readonly stalls: readonly Stall[];
  readonly #generator: Generator;

  private constructor(stalls: readonly Stall[], generator: Generator) {
    this.stalls = stalls;
    this.#generator = generator;
  }

  static async start(arms: readonly Arm[], spec: Omit<ServerSpec, 'strategy' | 'variant'> = {}): Promise<Field> {
    const generator = await startGenerator();
    const stalls: Stall[] = [];
    const field = new Field(stalls, generator);
    try {
      for (let at = 0; at < arms.length; at += BOOTED_AT_ONCE) {
        const started = await Promise.allSettled(
          arms.slice(at, at + BOOTED_AT_ONCE).map(async (arm) => {
            const server = await startServer({ strategy: arm.strategy, variant: arm.variant, ...spec });
            stalls.push({ arm, server, generator });
            await generator.call.aim(server.url, arm.strategy);
          }),
        );
        for (const start of started) if (start.status === 'rejected') throw start.reason;
      }
      stalls.sort((a, b) => arms.indexOf(a.arm) - arms.indexOf(b.arm));
      return field;
    } catch (error) {
      await field.stop();
      throw error;
    }
  }

  /** @throws where a forged credential is let in, or anyone is kept out of the open door: nothing is timed then */
  async signIn(clients: number): Promise<void> {
    for (const { arm, server, generator } of this.stalls) {
      await generator.call.signIn(server.url, await server.call.addUsers('client', clients));
      const code = await generator.call.refusal(server.url);
      if (arm.supports.credential === (code !== null)) continue;
      throw new Error(`${arm.strategy} ${arm.variant}: ${code === null ? 'let a forged credential in' : code}`);
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.#generator.stop(), ...this.stalls.map(({ server }) => server.stop())]);
  }
}

export interface Turns {
  readonly seed: number;
  readonly rounds: number;
  /** Seconds of one turn, and of the first one, which is not measured. */
  readonly turn: number;
  readonly warmUp: number;
}

/** How long a turn runs before it is measured, in ms: the loop has to fill. */
const RAMP = 40;

/** Every stall takes its turn in every round, in an order drawn anew. */
export async function takeTurns(
  { stalls }: Field,
  { seed, rounds, turn, warmUp }: Turns,
  start: (stall: Stall) => Promise<void>,
): Promise<Map<Stall, Measured>> {
  const random = seeded(seed);
  const sums = new Map<Stall, Measured>();
  for (const stall of shuffled(stalls, random)) {
    await oneTurn(stall, start, warmUp);
    await stall.generator.call.latencies(stall.server.url);
  }
  for (let round = 0; round < rounds; round++) {
    for (const stall of shuffled(stalls, random))
      sums.set(stall, add(sums.get(stall), await oneTurn(stall, start, turn)));
  }
  return sums;
}

async function oneTurn(stall: Stall, start: (stall: Stall) => Promise<void>, seconds: number): Promise<Measured> {
  const { server, generator } = stall;
  const reading = (timed: boolean) => Promise.all([server.call.sample(), generator.call.done(server.url, timed)]);
  await start(stall);
  await delay(RAMP);
  const [usedBefore, doneBefore] = await reading(true);
  const startedAt = performance.now();
  await delay(seconds * 1000);
  const [used, done] = await reading(false);
  const elapsed = (performance.now() - startedAt) / 1000;
  await generator.call.stop(server.url);
  const [active, idle] = [used.active - usedBefore.active, used.idle - usedBefore.idle];
  return {
    count: done.count - doneBefore.count,
    wrong: done.wrong - doneBefore.wrong,
    seconds: elapsed,
    cpu: used.cpu - usedBefore.cpu,
    utilization: active / (active + idle),
  };
}

function add(sum: Measured | undefined, turn: Measured): Measured {
  if (sum === undefined) return turn;
  const seconds = sum.seconds + turn.seconds;
  return {
    count: sum.count + turn.count,
    wrong: sum.wrong + turn.wrong,
    seconds,
    cpu: sum.cpu + turn.cpu,
    utilization: (sum.utilization * sum.seconds + turn.utilization * turn.seconds) / seconds,
  };
}
