import { type Generator, startGenerator } from '../../harness/processes/generator.ts';
import type { Cores } from '../../harness/processes/launch.ts';
import type { Presented } from '../../harness/probes/invalid-credential-probes.ts';
import { type Server, startServer } from '../../harness/processes/server.ts';
import type { ServerSpec } from '../../harness/processes/server-process.ts';
import { inLanes } from '../../harness/app/lanes.ts';
import { type Entry, nameOf } from '../model/entry.ts';

/** How the servers of a group are started. */
export type GroupSpec = Omit<ServerSpec, 'spec'>;

/** An entry's server, and the generator that is aimed at it. */
export interface RunningEntry {
  readonly entry: Entry;
  readonly server: Server;
  readonly generator: Generator;
}

type Ready = (running: RunningEntry) => Promise<void>;

/** Servers that are made ready side by side. */
const READY_AT_ONCE = 3;
/** How far a clock is put back, in ms, so that what it issues is over: further than any credential lives. */
const BACK = 366 * 24 * 3_600_000;

export const presented: readonly Presented[] = ['forged', 'expired'];

/**
 * Fresh servers and one generator for all, up at the same time, so that they can take time slices of a fraction of a second:
 * whatever slows this machine for longer than that, slows all of them alike. An entry that fails is left out and told.
 */
export class Group {
  readonly failures: string[] = [];
  readonly #runningEntries: RunningEntry[];
  readonly #generator: Promise<Generator>;

  constructor(generator: Generator | Promise<Generator>, runningEntries: readonly RunningEntry[] = []) {
    this.#generator = Promise.resolve(generator);
    this.#runningEntries = [...runningEntries];
  }

  /** Those that have not failed so far. */
  get runningEntries(): readonly RunningEntry[] {
    return [...this.#runningEntries];
  }

  /** Calls `ready` for each server once it is up. If `ready` fails, the entry leaves the group. */
  static async start(entries: readonly Entry[], spec: GroupSpec = {}, ready: Ready = async () => {}): Promise<Group> {
    const group = new Group(startGenerator());
    try {
      await Promise.all([
        group.#generator,
        inLanes(entries, READY_AT_ONCE, (entry) => group.#boot(entry, spec, ready)),
      ]);
      // Whichever server is up first, the seed alone decides the order of the slices.
      group.#runningEntries.sort((a, b) => entries.indexOf(a.entry) - entries.indexOf(b.entry));
      return group;
    } catch (error) {
      await group.stop();
      throw error;
    }
  }

  /** Runs `act` for each of these entries, a few at a time. An entry that fails leaves the group. */
  each(some: readonly RunningEntry[], act: (running: RunningEntry) => Promise<void>): Promise<void> {
    return inLanes(some, READY_AT_ONCE, (running) => this.guard(running, () => act(running)));
  }

  /** Pins the generator to one core and the servers to another; without `cores`, they may use all. */
  async keepTo(cores: Cores | undefined): Promise<void> {
    const generator = await this.#generator;
    const servers = this.#runningEntries.map(({ server }) => server);
    await Promise.all([generator.keepTo(cores?.generator), ...servers.map((server) => server.keepTo(cores?.servers))]);
  }

  /**
   * Runs something of one entry that is in the group; where it fails, the entry leaves it.
   * @throws where the baseline fails
   */
  async guard<T>(running: RunningEntry, run: () => Promise<T>): Promise<T | undefined> {
    if (!this.#runningEntries.includes(running)) return undefined;
    try {
      return await run();
    } catch (error) {
      const at = this.#runningEntries.indexOf(running);
      if (at === -1) return undefined;
      this.#failed(running.entry, error);
      this.#runningEntries.splice(at, 1);
      await running.server.stop();
      return undefined;
    }
  }

  async stop(): Promise<void> {
    const generator = this.#generator.then((started) => started.stop());
    await Promise.all([generator, ...this.#runningEntries.map(({ server }) => server.stop())]);
  }

  async #boot(entry: Entry, spec: GroupSpec, ready: Ready): Promise<void> {
    let server: Server | undefined;
    try {
      server = await startServer({ ...spec, spec: entry.spec });
      const generator = await this.#generator;
      await generator.call.aim(server.url, entry.spec);
      const running = { entry, server, generator };
      await ready(running);
      this.#runningEntries.push(running);
    } catch (error) {
      await server?.stop();
      this.#failed(entry, error);
    }
  }

  #failed(entry: Entry, error: unknown): void {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    if (entry.role === 'baseline') throw new Error(`${nameOf(entry)}: ${reason}`, { cause: error });
    this.failures.push(`${nameOf(entry)}: ${reason}`);
  }
}

/** Signs in clients with these roles. Before anything is timed, also checks that probes are refused if the entry refuses anyone. */
export async function signIn(running: RunningEntry, clients: number, roles: readonly string[] = []): Promise<void> {
  const { server, generator } = running;
  await generator.call.signIn(server.url, await server.call.addUsers('client', clients, roles));
  await seeOff(running);
}

/** Has probes try, as they will again while it is timed. @throws where one is answered, or nobody is */
async function seeOff({ entry, server, generator }: RunningEntry): Promise<void> {
  const [probe] = await server.call.addUsers('probe', 1);
  await generator.call.forge(server.url, probe!);
  if (entry.guarded) {
    await server.call.skew(-BACK);
    await generator.call.expire(server.url, probe!);
    await server.call.skew(0);
  }
  for (const kind of presented) {
    if ((await generator.call.intrude(server.url, kind, !entry.guarded)) === entry.guarded) {
      throw new Error(entry.guarded ? `it answered who presented a credential that is ${kind}` : 'it answered nobody');
    }
  }
}

type AloneSpec = GroupSpec & { readonly cores?: Cores | undefined };

/** One use of a server. `prepare` runs before the server is pinned, because it takes less time with all cores. */
interface Use<T> {
  readonly prepare?: (running: RunningEntry) => Promise<void>;
  readonly measure: (running: RunningEntry) => Promise<T>;
}

/** Starts one entry in a group of its own, pins it if `cores` are given, and always stops it. */
export async function alone<T>(entry: Entry, spec: AloneSpec, measure: Use<T>['measure']): Promise<T> {
  const [result] = await inTurn(entry, spec, [{ measure }]);
  return result!;
}

/**
 * Like `alone`, with a fresh server for each use. First all servers start, and are prepared a few at a time. Then they are
 * measured one after the other, and share one generator. Returns the results in that order.
 */
export async function inTurn<T>(entry: Entry, { cores, ...spec }: AloneSpec, uses: readonly Use<T>[]): Promise<T[]> {
  const group = await Group.start(
    uses.map(() => entry),
    spec,
  );
  try {
    const [failure] = group.failures;
    if (failure !== undefined) throw new Error(failure);
    const started = group.runningEntries.map((running, index) => ({ running, use: uses[index]! }));
    await inLanes(started, READY_AT_ONCE, async ({ running, use }) => use.prepare?.(running));
    await group.keepTo(cores);
    const results: T[] = [];
    for (const { running, use } of started) results.push(await use.measure(running));
    return results;
  } finally {
    await group.stop();
  }
}
