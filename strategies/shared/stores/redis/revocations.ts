import { randomUUID } from 'node:crypto';
import type { Principal, Revocation } from '../../../strategy.ts';
import type { RefusalCode } from '../../refusals.ts';
import { isNarrow, revokedBy, MOST_NARROW, type Revocations, type SubjectRevocation } from '../revocations.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { DenyList, type DenyListOptions } from './deny-list.ts';
import type { RedisLink } from './link.ts';
import { compareIds, HEARTBEAT, readEntry } from './log.ts';

/** Entries of the log that are read at once. */
const SWEEP_PAGE = 1000;
/** Before any entry. */
const BEGINNING = '0-0';

export interface RedisRevocationsOptions extends DenyListOptions {
  /**
   * Once Redis was away for `closeAfter` ms: `open` leaves open connections until their credentials end, `closed` ends every
   * connection as `unavailable`. No CONNECT is admitted either way. Default: `open`.
   */
  readonly onLoss: 'open' | 'closed';
  /** In ms. Default: 5000. */
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
  readonly #denied: DenyList;
  readonly #listeners = new Set<(revocation: Revocation) => void>();
  /** Revocations of this node that Redis has not confirmed yet, by their text, with the newest publication of each. */
  readonly #unsent = new Map<string, { readonly name: string; readonly revocation: SubjectRevocation }>();
  /** Acknowledgements that are waited for, by the name of the publication. */
  readonly #waiting = new Map<string, Acknowledgements>();
  /** Ids of the log that were heard of since the last sweep. */
  readonly #heard = new Set<string>();
  #readUntil = BEGINNING;
  /** By `performance.now()`. */
  #lastSweep = performance.now();
  /** By the time of Redis. */
  #sweptAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(link: RedisLink, options: RedisRevocationsOptions) {
    this.#link = link;
    this.#options = options;
    this.#denied = new DenyList(link, options);
  }

  static async open(link: RedisLink, options: RedisRevocationsOptions): Promise<RedisRevocations> {
    const revocations = new RedisRevocations(link, options);
    const last = await link.ask((client) => client.xRevRange(revocations.#key('log'), '+', '-', { COUNT: 1 }));
    revocations.#readUntil = last?.[0]?.id ?? BEGINNING;
    await link.subscriptions.subscribe(revocations.#key('kicks'), (message) => revocations.#onKick(message));
    await link.subscriptions.subscribe(revocations.#key(`acks:${revocations.#node}`), (message) => {
      const space = message.indexOf(' ');
      revocations.#waiting.get(message.slice(space + 1))?.add(message.slice(0, space));
    });
    await revocations.#sweep();
    revocations.#arm();
    return revocations;
  }

  epoch(): Promise<number> {
    return this.#denied.epoch();
  }

  async publish(revocation: SubjectRevocation, until?: number, bannedUntil?: number): Promise<void> {
    this.counters.published += 1;
    const { subject } = revocation;
    const text = JSON.stringify(revocation);
    // One sign-in or token ends once, however often that is asked for.
    const name = isNarrow(revocation) && until !== undefined ? text : randomUUID();
    if (until !== undefined) this.#unsent.set(text, { name, revocation });
    // Every credential that is out precedes what the store has not ordered yet, so no epoch is compared here.
    this.#tell(revocation);
    // This is set before sending, since a node's answer may arrive before the reply of Redis.
    const acks = new Acknowledgements();
    this.#waiting.set(name, acks);
    try {
      const publication = { name, node: this.#node, revocation, until, bannedUntil };
      const { nodes, count } = await this.#link.deliver(text, subject, async (client) => {
        const written = await this.#denied.write(client, publication);
        if (this.#unsent.get(text)?.name === name) this.#unsent.delete(text);
        return written;
      });
      const others = nodes.filter((node) => node !== this.#node);
      this.counters.told += others.length;
      // The sweep would tell them anyway by then.
      this.counters.acknowledged += await acks.of(others, 2 * this.#options.sweepInterval);
      if (count > MOST_NARROW) await this.publish({ code: 'revoked', subject }, until);
    } catch (error) {
      // If it was not kept for a later delivery, nothing else would remove it.
      if (!this.#link.keeps(text)) this.#unsent.delete(text);
      throw error;
    } finally {
      if (this.#waiting.get(name) === acks) this.#waiting.delete(name);
    }
  }

  async check(principal: Principal): Promise<RefusalCode | undefined> {
    // Before Redis is asked: who comes back between the kick and the writing is refused as well.
    const unsent = Array.from(this.#unsent.values(), ({ revocation }) => revocation);
    const known = revokedBy(unsent, principal);
    if (known !== undefined && known !== 'roles-changed') return known;
    return revokedBy([...unsent, ...(await this.#denied.of(principal))], principal);
  }

  async rolesOf(subject: string): Promise<readonly string[] | undefined> {
    return this.#denied.rolesOf(subject);
  }

  unban(subject: string): Promise<void> {
    return this.#denied.unban(subject);
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

  #onKick(message: string): void {
    const space = message.indexOf(' ');
    const id = message.slice(0, space);
    const entry = this.#apply(message.slice(space + 1));
    if (entry === undefined) return;
    // Unless a sweep was faster.
    if (compareIds(id, this.#readUntil) > 0) this.#heard.add(id);
    this.counters.pushed += 1;
    const { node, name = '' } = entry;
    // Where this is lost the publisher's wait ends by itself.
    this.#link.ask((client) => client.publish(this.#key(`acks:${node}`), `${this.#node} ${name}`)).catch(() => {});
  }

  /** Ends what the entry revokes; answers the entry where another node wrote it. */
  #apply(text: string): ReturnType<typeof readEntry> {
    const entry = readEntry(text);
    if (entry === undefined || entry.node === this.#node) return undefined;
    this.#tell(entry.revocation);
    return entry;
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
      this.#lastSweep = performance.now();
    } catch {
      this.counters.failedSweeps += 1;
      if (onLoss === 'closed' && performance.now() >= this.#lastSweep + closeAfter) this.#tell({ code: 'unavailable' });
    }
  }

  async #sweep(): Promise<void> {
    const now = await this.#heartbeat();
    // What the log forgot meanwhile is not known; the deny-list is asked again when everyone connects anew.
    if (now > (this.#sweptAt ?? now) + this.#options.logRetention) this.#tell({ code: 'reconnect-required' });
    for (;;) {
      const from = this.#readUntil;
      const page = { COUNT: SWEEP_PAGE };
      const entries = (await this.#link.ask((client) => client.xRange(this.#key('log'), from, '+', page))) ?? [];
      // The log was cut back past it, or is another one, whose ids may begin before: of another Redis, which is behind. Read
      // whole, it tells again of what has ended already.
      if (from !== BEGINNING && entries[0]?.id !== from) {
        this.#readUntil = BEGINNING;
        continue;
      }
      for (const { id, message } of entries) {
        if (id === from) continue;
        const heard = this.#heard.delete(id);
        if (!heard && this.#apply(message['entry'] ?? '') !== undefined) this.counters.swept += 1;
        this.#readUntil = id;
      }
      if (entries.length < SWEEP_PAGE) break;
    }
    this.#sweptAt = now;
    await this.#link.redeliver();
  }

  /** The time of Redis, in ms since the epoch. */
  async #heartbeat(): Promise<number> {
    const { sweepInterval } = this.#options;
    const parameters = { keys: [this.#key('nodes')], arguments: [this.#node, String(60 * sweepInterval)] };
    const from = performance.now();
    const time = Number(await this.#link.ask((client) => client.eval(HEARTBEAT, parameters)));
    this.#link.heed(time, from);
    return time;
  }

  #key(name: string): string {
    return this.#options.prefix + name;
  }
}
