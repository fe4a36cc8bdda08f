import { type Generator, startGenerator } from '../../harness/generator.ts';
import type { Progress } from '../../harness/generator-process.ts';
import { type Server, startServer } from '../../harness/server.ts';
import type { ServerSpec } from '../../harness/server-process.ts';
import type { Arm } from '../suite.ts';

/** Starts a server and a generator for one arm, each in a fresh process, and ends both whatever happens. */
export async function withServer<T>(
  { strategy, variant }: Arm,
  spec: Omit<ServerSpec, 'strategy' | 'variant'>,
  use: (server: Server, generator: Generator) => Promise<T>,
): Promise<T> {
  const server = await startServer({ strategy, variant, ...spec });
  try {
    const generator = await startGenerator(server.url, strategy);
    try {
      return await use(server, generator);
    } finally {
      await generator.stop();
    }
  } finally {
    await server.stop();
  }
}

/** @throws where a client without a valid credential is let in, or a strategy's own is not: nothing is timed then */
export async function checkDoor({ supports }: Arm, generator: Generator): Promise<void> {
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
