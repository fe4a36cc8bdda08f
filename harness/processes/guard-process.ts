import 'reflect-metadata';
import { Bench } from 'tinybench';
import { cpuNow } from '../load/cpu-clock.ts';
import { type GuardSpec, GuardTarget } from '../load/guard-target.ts';
import { seeded, shuffled } from '../app/random.ts';
import { withoutOptimizing } from './without-optimizing.ts';
import { type Handlers, serve } from './rpc.ts';

/** An app whose guard is measured, and whether that refuses who presents nothing valid. */
export interface GuardEntry {
  readonly spec: GuardSpec;
  readonly guarded: boolean;
}

/** Times in ms of CPU: how long each guard is warmed up, and how long it is timed in each round. */
export interface GuardTimes {
  readonly warmUp: number;
  readonly slice: number;
  readonly rounds: number;
}

/** CPU of one decision in each round, all threads, in us; or why there is none. */
export type GuardResult = { readonly us: readonly number[]; readonly wrong?: string } | { readonly failed: string };

/** An entry with its app, and what came of it so far. */
interface Running extends GuardEntry {
  readonly target: GuardTarget;
  readonly us: number[];
  wrong?: string | undefined;
}

/** Decisions that are begun before any is waited for, as a busy server does. */
const AT_ONCE = 64;
/** Groups of these between two readings of the clock, which takes as long as several decisions. */
const GROUPS = 4;
/** Iterations of so many decisions before any is timed, however long that takes: jose is dear until it is compiled. */
const WARM = 12;

let entries: (Running | { readonly failed: string })[] = [];

const handlers = {
  /** Starts an app for each entry, and connects a client to it. */
  async start(given: readonly GuardEntry[]): Promise<void> {
    entries = [];
    for (const entry of given) {
      const started = withoutOptimizing(() => GuardTarget.start(entry.spec)).then((target) => ({
        ...entry,
        target,
        us: [],
      }));
      entries.push(await started.catch((error: unknown) => ({ failed: reasonOf(error) })));
    }
  },
  /**
   * Times the guards of all entries in slices, in an order that is drawn from the seed and reversed in every other round.
   * Each is checked before and after. Returns the results in the order of `start`.
   *
   * All of them share this process, and all are warm before the first is timed: otherwise the first ones would profit from
   * code that the compiler has specialised for them alone.
   */
  async measure({ warmUp, slice, rounds }: GuardTimes, seed: number): Promise<GuardResult[]> {
    const random = seeded(seed);
    const running = entries.filter((entry): entry is Running => 'target' in entry);
    for (const entry of running) await heed(entry, () => entry.target.fault(entry.guarded));
    for (const entry of running) await heed(entry, () => time(entry, warmUp, WARM));
    for (const { us } of running) us.length = 0;
    let order: Running[] = [];
    for (let round = 0; round < rounds; round++) {
      order = round % 2 === 0 ? shuffled(running, random) : order.toReversed();
      for (const entry of order) await heed(entry, () => time(entry, slice));
    }
    for (const entry of running) {
      await heed(entry, async () =>
        (await entry.target.admitsClient()) ? undefined : 'the client was no longer admitted',
      );
    }
    return entries.map((entry) => ('target' in entry ? resultOf(entry) : entry));
  },
} satisfies Handlers;

export type GuardHandlers = typeof handlers;

const resultOf = ({ us, wrong }: Running): GuardResult => ({ us, ...(wrong !== undefined && { wrong }) });

/** Notes what is wrong with an entry; from then on it is left alone. */
async function heed(entry: Running, run: () => Promise<string | undefined>): Promise<void> {
  if (entry.wrong !== undefined) return;
  entry.wrong = await run().catch(reasonOf);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Times the decisions of one guard for `ms` of CPU, and for so many iterations at least. */
async function time({ target, us }: Running, ms: number, iterations = 1): Promise<undefined> {
  const bench = new Bench({ time: ms, iterations, warmup: false, now: cpuNow, retainSamples: false, throws: true });
  bench.add('decide', async () => decideOften(target));
  await bench.run();
  const result = bench.getTask('decide')?.result;
  if (result?.state !== 'completed') throw new Error('the decisions could not be timed');
  us.push((result.latency.mean * 1000) / (GROUPS * AT_ONCE));
}

/** @throws where a decision is not to admit */
async function decideOften(target: GuardTarget): Promise<void> {
  for (let group = 0; group < GROUPS; group++) {
    const pending: Promise<boolean>[] = [];
    for (let index = 0; index < AT_ONCE; index++) {
      const decision = target.decide();
      if (decision instanceof Promise) pending.push(decision);
      else if (!decision) throw new Error(NOT_ADMITTED);
    }
    if (pending.length > 0 && (await Promise.all(pending)).includes(false)) throw new Error(NOT_ADMITTED);
  }
}

const NOT_ADMITTED = 'the guard refused its client while it was timed';

serve(handlers);
