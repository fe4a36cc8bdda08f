import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import { systemClock } from '../../strategies/shared/clock.ts';
import type { SecurityEvent } from '../../strategies/strategy.ts';
import { addUser, type TestUser } from '../app/app.ts';
import { type EntryOptions, type EntrySpec, type Served, startEntry } from '../app/entry.ts';
import { GarbageWatch } from '../load/garbage-watch.ts';
import { LoopDelay } from '../load/loop-delay.ts';
import { withoutOptimizing } from './without-optimizing.ts';
import { type Handlers, serve } from './rpc.ts';

/** What a server under measurement is started with. */
export interface ServerSpec extends Omit<EntryOptions, 'report'> {
  readonly spec: EntrySpec;
  /** Keeps the last events of the security log, for `securityLog`; otherwise they go where the application logs. */
  readonly keepsLog?: boolean;
}

/** What the server's process has used so far; two of these make a difference. */
export interface ServerSample {
  /** User and system time of all threads, in us. */
  readonly cpu: number;
  /** ms */
  readonly active: number;
  readonly idle: number;
  /** How often the event loop turned, and what it was told by the operating system: sockets that can be read, mostly. */
  readonly loops: number;
  readonly events: number;
}

let running: Served | undefined;
/** The last events of the security log, where they are kept. */
const log: SecurityEvent[] = [];
const KEPT = 100;
const keep = (event: SecurityEvent): void => {
  if (log.push(event) > KEPT) log.shift();
};
const pushes = new Map<string, { sent: number; timer: NodeJS.Timeout }>();

/** The clock of the kit never steps back, so it is set apart from that of the process. */
const right = { process: Date.now, kit: systemClock.now };

/** Sets the clocks of the process and of the kit; without `now`, back to the right time. */
function setClocks(now?: () => number): void {
  Date.now = now ?? right.process;
  systemClock.now = now ?? right.kit;
}

const garbage = new GarbageWatch();
const loopDelay = new LoopDelay();

function served(): Served {
  if (running === undefined) throw new TypeError('Cannot use a server that was not started');
  return running;
}

const handlers = {
  async start({ spec, keepsLog = false, ...options }: ServerSpec): Promise<string> {
    running = await withoutOptimizing(() => startEntry(spec, { ...options, ...(keepsLog && { report: keep }) }));
    return running.url;
  },
  addUsers: (prefix: string, count: number, roles: readonly string[] = []): Promise<TestUser[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => addUser(served().directory, `${prefix}-${index}`, roles))),
  /**
   * The clock of the whole process goes wrong, so that it issues what is over already: peers and their packages read
   * no other. 0 sets it right.
   */
  skew(ms: number): void {
    setClocks(ms === 0 ? undefined : () => right.process() + ms);
  },
  /** The clock of the whole process stands still until `skew(0)` sets it right. Returns its time, in ms since the epoch. */
  stopClock(): number {
    const stopped = right.process();
    setClocks(() => stopped);
    return stopped;
  },
  /** From now on, how late the event loop is and what is collected are watched; or are not. */
  watch(on: boolean): void {
    loopDelay.watch(on);
    garbage.watch(on);
  },
  sample(): ServerSample {
    const { user, system } = process.cpuUsage();
    const { active, idle } = performance.eventLoopUtilization();
    const { loopCount: loops, events } = performance.nodeTiming.uvMetricsInfo;
    return { cpu: user + system, active, idle, loops, events };
  },
  /** What was collected so far while it was watched; two of these make a difference. */
  garbage: () => garbage.seen,
  /** How late the event loop was while it was watched, since the last `forgetLoopDelay`. */
  loopDelay: () => loopDelay.seen,
  forgetLoopDelay: () => loopDelay.forget(),
  /** Resident memory, and what of the heap is in use, in KiB, after what is garbage is gone. */
  async memory(): Promise<{ rss: number; heap: number }> {
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.();
      await delay(50);
    }
    const { rss, heapUsed } = process.memoryUsage();
    return { rss: rss / 1024, heap: heapUsed / 1024 };
  },
  /** Resident memory in KiB as it is, with what is garbage. */
  resident: () => process.memoryUsage.rss() / 1024,
  /** That of Node, as `v20.19.0`. */
  version: () => process.version,
  /** Users that another node has added. */
  async adoptUsers(users: readonly TestUser[]): Promise<void> {
    for (const user of users) await served().directory.add(user);
  },
  setBanned: (subject: string) => served().directory.setBanned(subject, true),
  /** A ban made on another node: this one hears of it through the store alone. */
  adoptBan: (subject: string) => served().directory.replica().setBanned(subject, true),
  setRoles: (subject: string, roles: readonly string[]) => served().directory.setRoles(subject, roles),
  async revoke(subject: string): Promise<void> {
    await served().revoke?.(subject);
  },
  /** Roles that were changed on another node: this one hears of it through the store alone. */
  adoptRoles: (subject: string, roles: readonly string[]) => served().directory.replica().setRoles(subject, roles),
  /** Pushes one numbered notification to a subject. */
  push: (subject: string, number: number) => served().push?.(subject, { number }),
  securityLog: () => log,
  /** Counts of the gateways; undefined for a peer, which counts nothing. */
  counters: () => served().counters?.(),
  /** Pushes numbered notifications to a subject, from 0 on. */
  pushEvery(subject: string, ms: number): void {
    const push = { sent: 0, timer: setInterval(() => served().push?.(subject, { number: push.sent++ }), ms) };
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
