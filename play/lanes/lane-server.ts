import type { ConnectionCounters } from '../../gateways/connections/counters.ts';
import { newSecret, type TestUser } from '../../harness/app/app.ts';
import type { StoreSpec } from '../../harness/app/store.ts';
import type { Server } from '../../harness/processes/server.ts';
import type { SecurityEvent } from '../../strategies/strategy.ts';
import type { Nodes, Side } from '../model/facts.ts';
import type { PlayEntry } from './entries.ts';
import { LaneNode } from './lane-node.ts';

const ROLES = ['moderator'];
/** Notifications whose time is remembered. */
const REMEMBERED = 500;

export interface LaneServerOptions {
  /** How long credentials live, in ms. */
  readonly ttl: number;
  /** Several nodes share a store. */
  readonly nodes?: number | undefined;
  readonly store?: StoreSpec | undefined;
}

/** Counts and security log of one node. */
export interface NodeReport {
  /** From 1 on. */
  readonly node: number;
  /** Undefined for a peer, which counts nothing, and for a process that is down. */
  readonly counters: ConnectionCounters | undefined;
  readonly securityLog: readonly SecurityEvent[];
}

type Call = Server['call'];

/** An entry's server, as one process or several nodes, and its one user. */
export class LaneServer {
  readonly #entry: PlayEntry;
  readonly #ttl: number;
  readonly #shared: { readonly secret: string; readonly store?: StoreSpec };
  readonly #nodes: readonly LaneNode[];
  readonly #pushes = new Map<number, number>();
  #user!: TestUser;
  #roles = ROLES;
  #banned = false;
  #users = 0;
  #pushed = 0;
  /** How far the server's clock is ahead, in ms. */
  #ahead = 0;

  private constructor(entry: PlayEntry, { ttl, store }: LaneServerOptions, nodes: readonly LaneNode[]) {
    this.#entry = entry;
    this.#ttl = ttl;
    this.#shared = { secret: newSecret(), ...(store && { store }) };
    this.#nodes = nodes;
  }

  static async start(entry: PlayEntry, options: LaneServerOptions): Promise<LaneServer> {
    const opening = Array.from({ length: options.nodes ?? 1 }, () => LaneNode.open());
    const server = new LaneServer(entry, options, await Promise.all(opening));
    try {
      await server.revive();
      await server.newUser();
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  get user(): TestUser {
    return this.#user;
  }

  /** Sign-ins, and all that ends an access, are asked for here. */
  get url(): string {
    return this.urlOf('sends');
  }

  /** A client sends to the first node, and receives from the last one. */
  urlOf(side: Side): string {
    return this.#nodeOf(side).link.url;
  }

  /** The node of each connection; undefined if there is only one. */
  get nodes(): Nodes | undefined {
    return this.#nodes.length < 2 ? undefined : { sends: 1, receives: this.#nodes.length };
  }

  /** The present moment by the server's clock, in ms since the epoch. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** From now on there is another user, with the role. */
  async newUser(): Promise<void> {
    const name = `user-${(this.#users += 1)}`;
    const [user] = await up(this.#nodes[0]).addUsers(name, 1, ROLES);
    this.#user = user!;
    const known = { ...this.#user, roles: ROLES };
    await Promise.all(this.#nodes.slice(1).map((node) => up(node).adoptUsers([known])));
    this.#roles = ROLES;
    this.#banned = false;
  }

  async ban(): Promise<void> {
    this.#banned = true;
    const { subject } = this.#user;
    await this.#tell(
      (call) => call.setBanned(subject),
      (call) => call.adoptBan(subject),
    );
  }

  async takeRole(): Promise<void> {
    this.#roles = [];
    const { subject } = this.#user;
    await this.#tell(
      (call) => call.setRoles(subject, []),
      (call) => call.adoptRoles(subject, []),
    );
  }

  /** The server's clock jumps ahead. */
  async jump(ms: number): Promise<void> {
    const ahead = this.#ahead + ms;
    await this.#tell((call) => call.skew(ahead));
    // Until then its clock may not have jumped, and it rightly serves who seems to have expired.
    this.#ahead = ahead;
  }

  /** Pushes a notification to the user, unless the server is down. `at`: when that is, as `pushedAt` will tell. */
  push(at: number): void {
    const { call } = this.#nodeOf('receives');
    if (call === undefined) return;
    const number = this.#pushed++;
    this.#pushes.set(number, at);
    this.#pushes.delete(number - REMEMBERED);
    // The server may be ended in this moment.
    call.push(this.#user.subject, number).catch(() => {});
  }

  /** When a notification was pushed; undefined where that is long ago. */
  pushedAt(number: number): number | undefined {
    return this.#pushes.get(number);
  }

  report(): Promise<NodeReport[]> {
    return Promise.all(
      this.#nodes.map(async ({ call }, index) => {
        // The process may be ended in this moment.
        const asked = Promise.all([call?.counters(), call?.securityLog()]);
        const [counters, securityLog = []] = await asked.catch(() => []);
        return { node: index + 1, counters, securityLog };
      }),
    );
  }

  /** Cuts the network of every node; returns a function that heals this cut. */
  cut(): () => void {
    const heals = this.#nodes.map(({ link }) => link.cut());
    return () => {
      for (const heal of heals) heal();
    };
  }

  /** Ends it as a machine that fails. */
  async kill(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.kill()));
  }

  /** Starts its processes, after a failure with the same secret and user. */
  async revive(): Promise<void> {
    const ttl = this.#ttl;
    const lifetimes = { accessToken: ttl, wsToken: ttl, sessionIdle: ttl };
    const users = this.#users === 0 ? [] : [{ ...this.#user, roles: this.#roles }];
    const spec = { spec: this.#entry.spec, lifetimes, node: this.#shared, users, keepsLog: true };
    const prepare = async (call: Call): Promise<void> => {
      await call.skew(this.#ahead);
      if (this.#banned) await call.setBanned(this.#user.subject);
    };
    await Promise.all(this.#nodes.map((node) => node.begin(spec, prepare)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.close()));
  }

  #nodeOf(side: Side): LaneNode {
    return side === 'sends' ? this.#nodes[0]! : this.#nodes.at(-1)!;
  }

  /** Tells the first node, and the others otherwise where a change must reach them by the store. */
  async #tell(tell: (call: Call) => Promise<void>, others = tell): Promise<void> {
    await Promise.all(
      this.#nodes.map(async ({ call }, index) => {
        if (call !== undefined) await (index === 0 ? tell : others)(call);
      }),
    );
  }
}

function up(node: LaneNode | undefined): Call {
  if (node?.call === undefined) throw new TypeError('The server is down');
  return node.call;
}
