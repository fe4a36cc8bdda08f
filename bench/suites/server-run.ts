import { type Generator, startGenerator } from '../../harness/generator.ts';
import type { Progress } from '../../harness/generator-process.ts';
import { type Server, startServer } from '../../harness/server.ts';
import type { ServerSpec } from '../../harness/server-process.ts';
import type { Profile } from '../profiles.ts';
import { type Arm, armBlocks, type Block, type Sample } from '../suite.ts';

/** An arm's server and its load generator, each in a process of its own. */
export interface Pair {
  readonly server: Server;
  readonly generator: Generator;
}

type Spec = Omit<ServerSpec, 'strategy' | 'variant'>;

async function startPair({ strategy, variant }: Arm, spec: Spec = {}): Promise<Pair> {
  const starting = [startServer({ strategy, variant, ...spec }), startGenerator()] as const;
  try {
    const [server, generator] = await Promise.all(starting);
    await generator.call.target(server.url, strategy);
    return { server, generator };
  } catch (error) {
    for (const child of await Promise.allSettled(starting)) if (child.status === 'fulfilled') await child.value.stop();
    throw error;
  }
}

const stopPair = ({ server, generator }: Pair) => Promise.all([generator.stop(), server.stop()]);

/** A fresh pair for one block, ended whatever happens. */
export async function withPair<T>(arm: Arm, spec: Spec, use: (pair: Pair) => Promise<T>): Promise<T> {
  const pair = await startPair(arm, spec);
  try {
    return await use(pair);
  } finally {
    await stopPair(pair);
  }
}

/** A fresh pair with signed-in clients that the blocks of one arm and repetition share; the last one ends it. */
class SharedPair {
  readonly #arm: Arm;
  #users = 0;
  #pair: Promise<Pair> | undefined;

  constructor(arm: Arm) {
    this.#arm = arm;
  }

  retain(): void {
    this.#users += 1;
  }

  async use<T>(clients: number, use: (pair: Pair) => Promise<T>): Promise<T> {
    this.#pair ??= this.#start(clients);
    try {
      return await use(await this.#pair);
    } catch (error) {
      // What went wrong here shall not be the next block's trouble.
      await this.#stop();
      throw error;
    } finally {
      this.#users -= 1;
      if (this.#users === 0) await this.#stop();
    }
  }

  async #start(clients: number): Promise<Pair> {
    const pair = await startPair(this.#arm);
    try {
      await pair.generator.call.signIn(await pair.server.call.addUsers('client', clients));
      await checkDoor(this.#arm, pair.generator);
      return pair;
    } catch (error) {
      await stopPair(pair);
      throw error;
    }
  }

  async #stop(): Promise<void> {
    const pair = await this.#pair?.catch(() => undefined);
    this.#pair = undefined;
    if (pair !== undefined) await stopPair(pair);
  }
}

const shared = new WeakMap<Arm, Map<number, SharedPair>>();

/** A block for each arm and repetition, in whatever process the arm's other blocks of that repetition run in. */
export function sharedBlocks(
  suite: string,
  arms: readonly Arm[],
  { repetitions, connections }: Profile,
  expected: number,
  measure: (pair: Pair) => Promise<readonly Sample[]>,
): Block[] {
  const pairOf = (arm: Arm, repetition: number): SharedPair => {
    const pairs = shared.get(arm) ?? new Map<number, SharedPair>();
    shared.set(arm, pairs);
    const pair = pairs.get(repetition) ?? new SharedPair(arm);
    pairs.set(repetition, pair);
    return pair;
  };
  for (const arm of arms) for (let at = 0; at < repetitions; at++) pairOf(arm, at).retain();
  return armBlocks(suite, arms, repetitions, { expected }, (arm, repetition) =>
    pairOf(arm, repetition).use(connections, measure),
  );
}

/** @throws where a client without a valid credential is let in, or a strategy's own is not: nothing is timed then */
async function checkDoor({ supports }: Arm, generator: Generator): Promise<void> {
  const code = await generator.call.refusal();
  if (supports.credential !== (code !== null)) {
    throw new Error(code === null ? 'A forged credential was let in' : `Everybody should be let in, got ${code}`);
  }
}

/** What the server used, and what the generator got done, in the same stretch of time. */
export interface Measured {
  readonly progress: Progress;
  /** us */
  readonly cpu: number;
  readonly utilization: number;
}

export async function measureFor(server: Server, generator: Generator, seconds: number): Promise<Measured> {
  const [before] = await Promise.all([server.call.sample(), generator.call.mark()]);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const [after, progress] = await Promise.all([server.call.sample(), generator.call.mark()]);
  const [active, idle] = [after.active - before.active, after.idle - before.idle];
  return { progress, cpu: after.cpu - before.cpu, utilization: active / (active + idle) };
}

/** Why a closed-loop stretch does not count; undefined where it does. */
export function voidReason({ progress, utilization }: Measured): string | undefined {
  if (progress.wrong > 0) return `${progress.wrong} wrong or failed answers`;
  if (progress.count === 0) return 'nothing was done';
  if (utilization < 0.95) return `the server was not saturated (event loop ${(utilization * 100).toFixed(0)}% busy)`;
  return undefined;
}
