import { newSecret, type TestUser } from '../../harness/app/app.ts';
import type { StoreSpec } from '../../harness/app/store.ts';
import { type Server, startServer } from '../../harness/processes/server.ts';
import type { SecurityEvent } from '../../strategies/strategy.ts';
import type { PlayEntry } from './entries.ts';
import { Link } from './link.ts';

const ROLES = ['moderator'];
/** Notifications whose time is remembered. */
const REMEMBERED = 500;

/** An entry's server, in a process of its own that may be replaced, behind one address; and its one user. */
export class LaneServer {
  readonly link: Link;
  readonly #entry: PlayEntry;
  readonly #ttl: number;
  readonly #node: { readonly secret: string; readonly store?: StoreSpec };
  readonly #pushes = new Map<number, number>();
  #process: Server | undefined;
  #user!: TestUser;
  #roles = ROLES;
  #banned = false;
  #users = 0;
  #pushed = 0;
  #closed = false;
  /** How far the server's clock is ahead, in ms. */
  #ahead = 0;

  private constructor(entry: PlayEntry, ttl: number, store: StoreSpec | undefined, link: Link) {
    this.#entry = entry;
    this.#ttl = ttl;
    this.#node = { secret: newSecret(), ...(store && { store }) };
    this.link = link;
  }

  /** `ttl`: how long credentials live, in ms. */
  static async start(entry: PlayEntry, ttl: number, store?: StoreSpec): Promise<LaneServer> {
    const server = new LaneServer(entry, ttl, store, await Link.open());
    try {
      await server.#begin();
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

  get up(): boolean {
    return this.#process !== undefined;
  }

  /** The present moment by the server's clock, in ms since the epoch. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** From now on there is another user, with the role. */
  async newUser(): Promise<void> {
    const [user] = await this.#running().call.addUsers(`user-${(this.#users += 1)}`, 1, ROLES);
    this.#user = user!;
    this.#roles = ROLES;
    this.#banned = false;
  }

  async ban(): Promise<void> {
    this.#banned = true;
    await this.#process?.call.setBanned(this.#user.subject);
  }

  async takeRole(): Promise<void> {
    this.#roles = [];
    await this.#process?.call.setRoles(this.#user.subject, []);
  }

  /** The server's clock jumps ahead. */
  async jump(ms: number): Promise<void> {
    this.#ahead += ms;
    await this.#process?.call.skew(this.#ahead);
  }

  /** Pushes a notification to the user, unless the server is down. `at`: when that is, as `pushedAt` will tell. */
  push(at: number): void {
    if (this.#process === undefined) return;
    const number = this.#pushed++;
    this.#pushes.set(number, at);
    this.#pushes.delete(number - REMEMBERED);
    // The server may be ended in this moment.
    this.#process.call.push(this.#user.subject, number).catch(() => {});
  }

  /** When a notification was pushed; undefined where that is long ago. */
  pushedAt(number: number): number | undefined {
    return this.#pushes.get(number);
  }

  securityLog(): Promise<readonly SecurityEvent[]> {
    return this.#process?.call.securityLog() ?? Promise.resolve([]);
  }

  /** Ends it as a machine that fails. */
  async kill(): Promise<void> {
    const failing = this.#process;
    this.#process = undefined;
    await failing?.kill();
  }

  /** Starts another process with the same secret and user. */
  async revive(): Promise<void> {
    await this.#begin();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#process?.stop();
    this.#process = undefined;
    await this.link.close();
  }

  async #begin(): Promise<void> {
    const lifetimes = { accessToken: this.#ttl, wsToken: this.#ttl, sessionIdle: this.#ttl };
    const users = this.#users === 0 ? [] : [{ ...this.#user, roles: this.#roles }];
    const { spec } = this.#entry;
    const process = await startServer({ spec, lifetimes, node: this.#node, users, keepsLog: true });
    if (this.#closed) return process.stop();
    await process.call.skew(this.#ahead);
    if (this.#banned) await process.call.setBanned(this.#user.subject);
    this.#process = process;
    this.link.leadTo(process.url);
  }

  #running(): Server {
    if (this.#process === undefined) throw new TypeError('The server is down');
    return this.#process;
  }
}
