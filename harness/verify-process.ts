import { type Handlers, serve } from './rpc.ts';
import { verifyTasks } from './verify-tasks.ts';
import { Bench } from 'tinybench';

export interface VerifyResult {
  readonly library: string;
  readonly algorithm: string;
  readonly cached: boolean;
  /** Median time of one verification, in us. */
  readonly us: number;
}

const handlers = {
  /** Each task for about `ms`; each must accept its token and refuse a forged one before it is timed. */
  async measure(ms: number): Promise<VerifyResult[]> {
    const tasks = await verifyTasks();
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
