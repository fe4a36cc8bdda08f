import { Bench } from 'tinybench';
import { cpuNow } from '../load/cpu-clock.ts';
import { seeded, shuffled } from '../app/random.ts';
import { type Handlers, serve } from './rpc.ts';
import { verifyTasks } from '../load/verify-tasks.ts';

export interface VerifyResult {
  readonly library: string;
  readonly algorithm: string;
  readonly cached: boolean;
  /** Mean CPU of one verification, all threads, in us. */
  readonly us: number;
}

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
