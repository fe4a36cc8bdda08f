import { type Generator, startGenerator } from '../harness/generator.ts';
import type { Cores } from '../harness/launch.ts';
import type { Presented } from '../harness/outsiders.ts';
import { type Server, startServer } from '../harness/server.ts';
import type { ServerSpec } from '../harness/server-process.ts';
import { inLanes } from './lanes.ts';
import { type Arm, nameOf } from './suite.ts';

/** How the servers of a field are started. */
export type FieldSpec = Omit<ServerSpec, 'contender'>;

/** An arm's server, and the generator that is aimed at it. */
export interface Stall {
  readonly arm: Arm;
  readonly server: Server;
  readonly generator: Generator;
}

/** Servers that are made ready side by side. */
export const READY_AT_ONCE = 3;
/** How far a clock is put back, in ms, so that what it issues is over: further than any credential lives. */
const BACK = 366 * 24 * 3_600_000;

export const presented: readonly Presented[] = ['forged', 'expired'];

/**
 * Fresh servers and one generator for all, up at the same time, so that they can take turns of a fraction of a second:
 * whatever slows this machine for longer than that, slows all of them alike. An arm that fails is left out and told.
 */
export class Field {
  readonly failures: string[] = [];
  readonly #stalls: Stall[];
  readonly #generator: Promise<Generator>;

  constructor(generator: Generator | Promise<Generator>, stalls: readonly Stall[] = []) {
    this.#generator = Promise.resolve(generator);
    this.#stalls = [...stalls];
  }

  /** Those that have not failed so far. */
  get stalls(): readonly Stall[] {
    return [...this.#stalls];
  }

  static async start(arms: readonly Arm[], spec: FieldSpec = {}): Promise<Field> {
    const field = new Field(startGenerator());
    try {
      await Promise.all([field.#generator, inLanes(arms, READY_AT_ONCE, (arm) => field.#boot(arm, spec))]);
      return field;
    } catch (error) {
      await field.stop();
      throw error;
    }
  }

  /** Pins the generator to one core and the servers to another; does nothing without `cores`. */
  async keepTo(cores: Cores | undefined): Promise<void> {
    await (await this.#generator).keepTo(cores?.generator);
    for (const { server } of this.#stalls) await server.keepTo(cores?.servers);
  }

  /** Signs clients in, and sees to it that outsiders are turned away, where anyone is, before anything is timed. */
  async signIn(clients: number): Promise<void> {
    await inLanes(this.stalls, READY_AT_ONCE, (stall) => this.guard(stall, () => signIn(stall, clients)));
  }

  /**
   * Runs something of one arm that is in the field; where it fails, the arm leaves it.
   * @throws where the baseline fails
   */
  async guard<T>(stall: Stall, run: () => Promise<T>): Promise<T | undefined> {
    if (!this.#stalls.includes(stall)) return undefined;
    try {
      return await run();
    } catch (error) {
      const at = this.#stalls.indexOf(stall);
      if (at === -1) return undefined;
      this.#failed(stall.arm, error);
      this.#stalls.splice(at, 1);
      await stall.server.stop();
      return undefined;
    }
  }

  async stop(): Promise<void> {
    const generator = this.#generator.then((started) => started.stop());
    await Promise.all([generator, ...this.#stalls.map(({ server }) => server.stop())]);
  }

  async #boot(arm: Arm, spec: FieldSpec): Promise<void> {
    let server: Server | undefined;
    try {
      server = await startServer({ ...spec, contender: arm.contender });
      const generator = await this.#generator;
      await generator.call.aim(server.url, arm.contender);
      this.#stalls.push({ arm, server, generator });
    } catch (error) {
      await server?.stop();
      this.#failed(arm, error);
    }
  }

  #failed(arm: Arm, error: unknown): void {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    if (arm.role === 'baseline') throw new Error(`${nameOf(arm)}: ${reason}`, { cause: error });
    this.failures.push(`${nameOf(arm)}: ${reason}`);
  }
}

async function signIn(stall: Stall, clients: number): Promise<void> {
  const { server, generator } = stall;
  await generator.call.signIn(server.url, await server.call.addUsers('client', clients));
  await seeOff(stall);
}

/** Has outsiders try, as they will again while it is timed. @throws where one is answered, or nobody is */
export async function seeOff({ arm, server, generator }: Stall): Promise<void> {
  const [outsider] = await server.call.addUsers('outsider', 1);
  await generator.call.forge(server.url, outsider!);
  if (arm.guarded) {
    await server.call.skew(-BACK);
    await generator.call.expire(server.url, outsider!);
    await server.call.skew(0);
  }
  for (const kind of presented) {
    if ((await generator.call.intrude(server.url, kind, !arm.guarded)) === arm.guarded) {
      throw new Error(arm.guarded ? `it answered who presented a credential that is ${kind}` : 'it answered nobody');
    }
  }
}

/** Starts one arm in a field of its own, pins it if `cores` are given, and always stops it. */
export async function alone<T>(
  arm: Arm,
  { cores, ...spec }: FieldSpec & { readonly cores?: Cores | undefined },
  use: (stall: Stall) => Promise<T>,
) {
  const field = await Field.start([arm], spec);
  try {
    await field.keepTo(cores);
    const [stall] = field.stalls;
    if (stall === undefined) throw new Error(field.failures[0]);
    return await use(stall);
  } finally {
    await field.stop();
  }
}
