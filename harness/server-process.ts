import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import { loadStrategy } from '../strategies/registry.ts';
import type { Lifetimes, VariantName } from '../strategies/strategy.ts';
import { type RunningApp, startApp, type TestUser } from './app.ts';
import { type Handlers, serve } from './rpc.ts';

/** What a server under measurement is started with. */
export interface ServerSpec {
  readonly strategy: string;
  readonly variant: VariantName;
  readonly lifetimes?: Partial<Lifetimes>;
  readonly passwords?: 'scrypt' | 'fast';
}

/** What the server's process has used so far; two of these make a difference. */
export interface ServerSample {
  /** User and system time of all threads, in us. */
  readonly cpu: number;
  /** ms */
  readonly active: number;
  readonly idle: number;
}

let running: RunningApp | undefined;
const pushes = new Map<string, { sent: number; timer: NodeJS.Timeout }>();

function app(): RunningApp {
  if (running === undefined) throw new TypeError('Cannot use a server that was not started');
  return running;
}

const handlers = {
  async start({ strategy, ...options }: ServerSpec): Promise<string> {
    running = await startApp(await loadStrategy(strategy), { ...options, limits: false });
    return running.url;
  },
  addUsers: (prefix: string, count: number, roles: readonly string[] = []): Promise<TestUser[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => app().addUser(`${prefix}-${index}`, roles))),
  sample(): ServerSample {
    const { user, system } = process.cpuUsage();
    const { active, idle } = performance.eventLoopUtilization();
    return { cpu: user + system, active, idle };
  },
  /** Resident memory in KiB, after what is garbage is gone. */
  async memory(): Promise<number> {
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.();
      await delay(50);
    }
    return process.memoryUsage.rss() / 1024;
  },
  setRoles: (subject: string, roles: readonly string[]) => app().directory.setRoles(subject, roles),
  /** Pushes numbered notifications to a subject, from 0 on. */
  pushEvery(subject: string, ms: number): void {
    const push = { sent: 0, timer: setInterval(() => app().push(subject, { number: push.sent++ }), ms) };
    pushes.set(subject, push);
  },
  /** How many were pushed. */
  stopPushing(subject: string): number {
    const push = pushes.get(subject);
    clearInterval(push?.timer);
    pushes.delete(subject);
    return push?.sent ?? 0;
  },
} satisfies Handlers;

export type ServerHandlers = typeof handlers;

serve(handlers);
