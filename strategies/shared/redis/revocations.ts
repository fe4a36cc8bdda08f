import { randomUUID } from 'node:crypto';
import type { Principal, Revocation } from '../../strategy.ts';
import type { Clock } from '../clock.ts';
import type { RefusalCode } from '../refusals.ts';
import { revokes } from '../revocation.ts';
import type { Revocations, SubjectRevocation } from '../revocations.ts';
import type { Client, RedisLink } from './link.ts';
import { compareIds, HEARTBEAT, PUBLISH, readEntry } from './log.ts';

/** Entries of the log that are read at once. */
const SWEEP_PAGE = 1000;

export interface RedisRevocationsOptions {
  readonly clock: Clock;
  readonly prefix: string;
  /** How often a node reads what no push told it, in ms. */
  readonly sweepInterval: number;
  /** For how long the log keeps an entry, in ms; a node that was cut off for longer lets everyone connect anew. */
  readonly logRetention: number;
  /**
   * Where Redis cannot be reached for `closeAfter` ms: `open` leaves who is connected until the lease ends, `closed`
   * ends every connection with `unavailable`. No handshake is admitted either way.
   */
  readonly onLoss: 'open' | 'closed';
  readonly closeAfter: number;
}

/** What became of the revocations that this node published or heard of. */
export interface BusCounters {
  published: number;
  /** Nodes that were told, and those of them that answered in time. */
  told: number;
  acknowledged: number;
  /** Heard of by a push, and by a sweep since no push had come. */
  pushed: number;
  swept: number;
  failedSweeps: number;
}

/**
 * The deny-list is asked at each handshake; the kicks are pushed, acknowledged by every node, and kept in a log, which
 * each node reads at every sweep for what it was not told.
 */
export class RedisRevocations implements Revocations {
  readonly counters: BusCounters = { published: 0, told: 0, acknowledged: 0, pushed: 0, swept: 0, failedSweeps: 0 };
  readonly #node = randomUUID();
  readonly #link: RedisLink;
  readonly #options: RedisRevocationsOptions;
  readonly #listeners = new Set<(revocation: Revocation) => void>();
  /** Of this node, and not yet where the others look. */
  readonly #unsent = new Set<SubjectRevocation>();
  readonly #waiting = new Map<string, (node: string) => void>();
  /** Ids of the log that were heard of since the last sweep. */
  readonly #heard = new Set<string>();
  #readUntil = '0-0';
  #lastSweep = Date.now();
  /** By the time of Redis. */
  #sweptAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(link: RedisLink, options: RedisRevocationsOptions) {
    this.#link = link;
    this.#options = options;
  }

  static async open(link: RedisLink, options: RedisRevocationsOptions): Promise<RedisRevocations> {
    const revocations = new RedisRevocations(link, options);
    const last = await link.ask((client) => client.xRevRange(revocations.#key('log'), '+', '-', { COUNT: 1 }));
    revocations.#readUntil = last?.[0]?.id ?? '0-0';
    await link.subscriptions.subscribe(revocations.#key('kicks'), (message) => revocations.#onKick(message));
    await link.subscriptions.subscribe(revocations.#key(`acks:${revocations.#node}`), (message) => {
      const [id = '', node = ''] = message.split(' ');
      revocations.#waiting.get(id)?.(node);
    });
    await revocations.#sweep();
    revocations.#arm();
    return revocations;
  }

  async publish(revocation: SubjectRevocation, until?: number): Promise<void> {
    this.counters.published += 1;
    this.#unsent.add(revocation);
    this.#tell(revocation);
    const { id, others } = await this.#link.deliver((client) => this.#write(client, revocation, until));
    this.counters.told += others.size;
    this.counters.acknowledged += await this.#acknowledged(id, others);
  }

  async check(principal: Principal): Promise<RefusalCode | undefined> {
    // Before Redis is asked: who comes back between the kick and the writing is refused as well.
    const unsent = [...this.#unsent].find((revocation) => revokes(revocation, principal));
    if (unsent !== undefined) return unsent.code;
    const key = this.#key(`denied:${principal.subject}`);
    const now = this.#options.clock.now();
    const denied = await this.#link.ask((client) => client.zRangeByScore(key, `(${now}`, '+inf'));
    return denied.map((text) => JSON.parse(text) as Revocation).find((revocation) => revokes(revocation, principal))
      ?.code;
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Before the link is closed: the other nodes wait for this one's answer no more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#link.ask((client) => client.zRem(this.#key('nodes'), this.#node)).catch(() => {});
  }

  async #write(client: Client, revocation: SubjectRevocation, until: number | undefined) {
    const { clock, sweepInterval, logRetention } = this.#options;
    const entry = JSON.stringify({ node: this.#node, revocation });
    const keys = [this.#key(`denied:${revocation.subject}`), this.#key('log'), this.#key('nodes')];
    const parameters = [entry, JSON.stringify(revocation), clock.now(), until ?? '', logRetention, 3 * sweepInterval];
    const reply = await client.eval(PUBLISH, { keys, arguments: [...parameters, this.#key('kicks')].map(String) });
    this.#unsent.delete(revocation);
    const [id, nodes] = reply as [string, string[]];
    return { id, others: new Set(nodes.filter((node) => node !== this.#node)) };
  }

  /** How many answered before the sweep would have told them anyway. */
  #acknowledged(id: string, others: ReadonlySet<string>): Promise<number> {
    const left = new Set(others);
    if (left.size === 0) return Promise.resolve(0);
    return new Promise((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(others.size - left.size);
      };
      const timer = setTimeout(settle, 2 * this.#options.sweepInterval);
      this.#waiting.set(id, (node) => {
        left.delete(node);
        if (left.size === 0) settle();
      });
    });
  }

  #onKick(message: string): void {
    const space = message.indexOf(' ');
    const id = message.slice(0, space);
    // A sweep was faster.
    const known = compareIds(id, this.#readUntil) <= 0;
    if (!known) this.#heard.add(id);
    const node = this.#apply(message.slice(space + 1), known);
    if (node === undefined) return;
    this.counters.pushed += 1;
    // Where this is lost the publisher's wait ends by itself.
    this.#link.ask((client) => client.publish(this.#key(`acks:${node}`), `${id} ${this.#node}`)).catch(() => {});
  }

  /** Ends what the entry revokes, unless it is `known`; answers the node that wrote it, where that is another one. */
  #apply(text: string, known = false): string | undefined {
    const entry = readEntry(text);
    if (entry === undefined || entry.node === this.#node) return undefined;
    if (!known) this.#tell(entry.revocation);
    return entry.node;
  }

  #tell(revocation: Revocation): void {
    for (const listener of this.#listeners) listener(revocation);
  }

  #arm(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#sweepOrClose().finally(() => this.#arm()), this.#options.sweepInterval);
    this.#timer.unref();
  }

  async #sweepOrClose(): Promise<void> {
    const { onLoss, closeAfter } = this.#options;
    try {
      await this.#sweep();
      this.#lastSweep = Date.now();
    } catch {
      this.counters.failedSweeps += 1;
      if (onLoss === 'closed' && Date.now() >= this.#lastSweep + closeAfter) this.#tell({ code: 'unavailable' });
    }
  }

  /** What was not delivered before is tried first, so that it is in the log that is read then. */
  async #sweep(): Promise<void> {
    await this.#link.redeliver();
    const now = await this.#heartbeat();
    // What the log forgot meanwhile is not known; the deny-list is asked again when everyone connects anew.
    if (now > (this.#sweptAt ?? now) + this.#options.logRetention) this.#tell({ code: 'reconnect-required' });
    for (;;) {
      const after = `(${this.#readUntil}`;
      const page = { COUNT: SWEEP_PAGE };
      const entries = await this.#link.ask((client) => client.xRange(this.#key('log'), after, '+', page));
      for (const { id, message } of entries ?? []) {
        const heard = this.#heard.delete(id);
        if (!heard && this.#apply(message['entry'] ?? '') !== undefined) this.counters.swept += 1;
        this.#readUntil = id;
      }
      if ((entries?.length ?? 0) < SWEEP_PAGE) break;
    }
    this.#sweptAt = now;
  }

  /** The time of Redis, in ms since the epoch. */
  async #heartbeat(): Promise<number> {
    const { sweepInterval } = this.#options;
    const parameters = { keys: [this.#key('nodes')], arguments: [this.#node, String(60 * sweepInterval)] };
    return Number(await this.#link.ask((client) => client.eval(HEARTBEAT, parameters)));
  }

  #key(name: string): string {
    return this.#options.prefix + name;
  }
}
