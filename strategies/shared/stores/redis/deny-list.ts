import { randomUUID } from 'node:crypto';
import type { Principal, Revocation } from '../../../strategy.ts';
import { type AccountRecord, revocationsIn, rolesIn } from '../account-record.ts';
import type { Clock } from '../../clock.ts';
import { isNarrow, nameOf, namesFor, MOST_NARROW, type SubjectRevocation } from '../revocations.ts';
import type { Client, RedisLink } from './link.ts';
import {
  accountFields,
  PUBLISH,
  PUBLISH_ALL,
  PUBLISH_ONE,
  PUBLISH_ROLES,
  readAccount,
  readRevocation,
  UNBAN,
} from './log.ts';

export interface DenyListOptions {
  readonly clock: Clock;
  readonly prefix: string;
  /** How often a node reads what no push told it, in ms. */
  readonly sweepInterval: number;
  /** For how long the log keeps an entry, in ms; a node that was cut off for longer lets everyone connect anew. */
  readonly logRetention: number;
}

/** One call of `publish`, however often it is delivered. */
export interface Publication {
  readonly name: string;
  /** Which node it comes from. */
  readonly node: string;
  readonly revocation: SubjectRevocation;
  readonly until: number | undefined;
  readonly bannedUntil: number | undefined;
}

/** The key of the record of an account as a whole. */
export const accountKey = (prefix: string, subject: string): string => `${prefix}account:${subject}`;

/** The revocations that Redis remembers, and the writing of a new one. */
export class DenyList {
  readonly #link: RedisLink;
  readonly #options: DenyListOptions;
  /** The highest epoch that this node has read from Redis or seen on a credential. */
  #highestEpoch = 0;

  constructor(link: RedisLink, options: DenyListOptions) {
    this.#link = link;
    this.#options = options;
  }

  async epoch(): Promise<number> {
    const epoch = Number((await this.#link.ask((client) => client.get(this.#key('epoch')))) ?? 0);
    this.#see(epoch);
    return epoch;
  }

  /** Returns the remembered revocations that may concern `principal`. */
  async of(principal: Principal): Promise<Revocation[]> {
    const { subject, epoch = 0 } = principal;
    this.#see(epoch);
    const [ofOne, account] = await this.#link.ask((client) =>
      Promise.all([client.hmGet(this.#deniedKey(subject), namesFor(principal)), this.#account(client, subject)]),
    );
    const now = this.#options.clock.now();
    const known = ofOne.flatMap((stored) => {
      const [until = '', text] = stored?.split(/ (.*)/s) ?? [];
      return text !== undefined && now < Number(until) ? [text] : [];
    });
    return [...known.map(readRevocation), ...revocationsIn(account, now)];
  }

  async rolesOf(subject: string): Promise<readonly string[] | undefined> {
    return rolesIn(await this.#link.ask((client) => this.#account(client, subject)), this.#options.clock.now());
  }

  async unban(subject: string): Promise<void> {
    const { prefix, logRetention } = this.#options;
    const name = randomUUID();
    const keys = [accountKey(prefix, subject), this.#key(`published:${name}`)];
    const parameters = { keys, arguments: [String(logRetention)] };
    await this.#link.deliver(`unban ${subject}`, subject, (client) => client.eval(UNBAN, parameters));
  }

  /** Answers the id of the log's entry, the nodes that are told, and how many single sign-ins and tokens are denied. */
  async write(client: Client, { name, node, revocation, until, bannedUntil }: Publication) {
    const { clock, prefix, sweepInterval, logRetention } = this.#options;
    const now = Math.floor(clock.now());
    const { subject, roles, code } = revocation;
    // Nothing is remembered that has ended.
    const ends = until === undefined || until <= now ? undefined : Math.ceil(until);
    const narrow = isNarrow(revocation);
    const [script, ...extra] =
      ends === undefined
        ? [PUBLISH]
        : narrow
          ? [PUBLISH_ONE, nameOf(revocation), MOST_NARROW]
          : roles === undefined
            ? [PUBLISH_ALL, code, bannedUntil ?? '', this.#highestEpoch, MOST_NARROW]
            : [PUBLISH_ROLES, JSON.stringify(roles)];
    // The script puts the epoch in the place of 0.
    const told = script === PUBLISH_ALL ? { epoch: 0, ...revocation } : revocation;
    const entry = JSON.stringify({ node, name, revocation: told });
    const denied = this.#deniedKey(subject);
    const shared = ['log', 'nodes', 'epoch', `published:${name}`].map((key) => this.#key(key));
    const keys = [narrow ? denied : accountKey(prefix, subject), ...shared, denied];
    const text = JSON.stringify(revocation);
    const parameters = [entry, text, now, ends ?? '', logRetention, 3 * sweepInterval, this.#key('kicks'), ...extra];
    const reply = await client.eval(script, { keys, arguments: parameters.map(String) });
    const [id, nodes, count] = reply as [string, string[], number];
    return { id, nodes, count };
  }

  #see(epoch: number): void {
    this.#highestEpoch = Math.max(this.#highestEpoch, epoch);
  }

  async #account(client: Client, subject: string): Promise<AccountRecord> {
    return readAccount(await client.hmGet(accountKey(this.#options.prefix, subject), [...accountFields]));
  }

  /** Single sign-ins and tokens of an account, by their names, each with the time until which it is remembered. */
  #deniedKey(subject: string): string {
    return this.#key(`denied:${subject}`);
  }

  #key(name: string): string {
    return this.#options.prefix + name;
  }
}
