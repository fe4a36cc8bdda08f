import { createHistogram } from 'node:perf_hooks';
import { Bench } from 'tinybench';
import { cpuNow } from '../load/cpu-clock.ts';
import { seeded, shuffled } from '../app/random.ts';
import { Spin } from '../app/spin.ts';
import { type Handlers, serve } from './rpc.ts';
import { verifyTasks } from '../load/verify-tasks.ts';

export interface VerifyResult {
  readonly library: string;
  readonly algorithm: string;
  readonly cached: boolean;
  /** Mean CPU of one verification, all threads, in us. */
  readonly us: number;
}

/** A verification right after other work of the process. */
export interface VerifyAfterWork {
  readonly library: string;
  readonly algorithm: string;
  /** us of that work. */
  readonly work: number;
  /** Median time of one verification by the clock, in us. */
  readonly us: number;
}

/** us of other work before a verification. */
const WORK = [0, 5, 20, 100];
/** Rounds, and the verifications of each library and length of work in each of them. */
const [ROUNDS, VERIFICATIONS] = [8, 20];

/** Verifications that are begun before any is waited for, as a busy server does. */
const AT_ONCE = 64;

const handlers = {
  /** Each task for about `ms`, in an order drawn from the seed; each must first accept its token and refuse a forged one. */
  async measure(ms: number, seed: number): Promise<VerifyResult[]> {
    const tasks = shuffled(await verifyTasks(), seeded(seed));
    const often = { time: ms, iterations: 2, warmupTime: ms / 4, warmupIterations: 1 };
    const bench = new Bench({ ...often, now: cpuNow, retainSamples: false, throws: true });
    for (const { name, verify, check } of tasks) {
      await check();
      bench.add(name, manyOf(verify));
    }
    await bench.run();
    return tasks.map(({ library, algorithm, cached, name }) => {
      const result = bench.getTask(name)?.result;
      if (result?.state !== 'completed') throw new Error(`No time for ${name}`);
      return { library, algorithm, cached, us: (result.latency.mean * 1000) / AT_ONCE };
    });
  },
  /** Each library that verifies HS256 on this thread, in an order drawn from the seed. Call it after `measure`, so that all is compiled. */
  async measureAfterWork(seed: number): Promise<VerifyAfterWork[]> {
    const tasks = (await verifyTasks()).filter(
      ({ algorithm, cached, verify }) => algorithm === 'HS256' && !cached && !(verify() instanceof Promise),
    );
    const cases = tasks.flatMap((task) =>
      WORK.map((work) => ({ ...task, work, spin: new Spin(work), times: createHistogram() })),
    );
    const random = seeded(seed);
    for (let round = 0; round < ROUNDS; round++) {
      for (const { spin, verify, times } of shuffled(cases, random)) {
        for (let verification = 0; verification < VERIFICATIONS; verification++) {
          spin.spend();
          const start = process.hrtime.bigint();
          verify();
          times.record(process.hrtime.bigint() - start);
        }
      }
    }
    return cases.map(({ library, algorithm, work, times }) => ({
      library,
      algorithm,
      work,
      us: times.percentile(50) / 1000,
    }));
  },
} satisfies Handlers;

export type VerifyHandlers = typeof handlers;

const manyOf = (verify: () => unknown) => async (): Promise<void> => {
  const pending: Promise<unknown>[] = [];
  for (let index = 0; index < AT_ONCE; index++) {
    const result = verify();
    if (result instanceof Promise) pending.push(result);
  }
  if (pending.length > 0) await Promise.all(pending);
};

serve(handlers);
