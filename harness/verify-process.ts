import { type Handlers, serve } from './rpc.ts';
import { verifyTasks } from './verify-tasks.ts';
import { seeded, shuffled } from './random.ts';
import { Bench } from 'tinybench';

export interface VerifyResult {
  readonly library: string;
  readonly algorithm: string;
  readonly cached: boolean;
  /** Median time of one verification, in us. */
  readonly us: number;
}

const handlers = {
  /** Each task for about `ms`, in an order drawn from the seed; each must first accept its token and refuse a forged one. */
  async measure(ms: number, seed: number): Promise<VerifyResult[]> {
    const tasks = shuffled(await verifyTasks(), seeded(seed));
    const bench = new Bench({ time: ms, warmupTime: ms / 4, retainSamples: false, throws: true });
    for (const { name, verify, check } of tasks) {
      await check();
      bench.add(name, verify);
    }
    await bench.run();
    return tasks.map(({ library, algorithm, cached, name }) => {
      const result = bench.getTask(name)?.result;
      if (result?.state !== 'completed') throw new Error(`No time for ${name}`);
      return { library, algorithm, cached, us: result.latency.p50 * 1000 };
    });
  },
} satisfies Handlers;

export type VerifyHandlers = typeof handlers;

serve(handlers);
