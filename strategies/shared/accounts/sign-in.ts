import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { availableParallelism } from 'node:os';
import type { RefusalCode, StrategyOptions } from '../../strategy.ts';
import { networkOf } from '../address.ts';
import { ConcurrencyLimiter } from '../concurrency-limiter.ts';
import { requireDirectory, type User, type UserDirectory } from './directory.ts';
import { AuthError } from '../errors.ts';
import { inTime } from '../in-time.ts';
import { deriveBytes } from '../secret.ts';

/** Threads of libuv. File access, DNS lookups and asynchronous crypto share them with the password hashes. */
const THREADS = Number(process.env['UV_THREADPOOL_SIZE']) || 4;
/** Half of the threads, and one core less than there are: the event loop, which serves the connections, needs one. */
export const HASHES_AT_ONCE = Math.max(1, Math.min(Math.floor(THREADS / 2), availableParallelism() - 1));
/** So many checks get their turn within a second or two, at 45 ms for each scrypt hash. */
export const MOST_WAITING = 32;
/**
 * Checks of one network that run or wait, at most: one address cannot fill the queue with sign-ins that succeed, which no
 * limit of failures sees. Behind a proxy, an application without `addressOf` is one network for all its clients; half of
 * the queue still serves a small site.
 */
export const MOST_OF_ONE_NETWORK = MOST_WAITING / 2;
/** In ms. */
const LONGEST_WAIT = 5000;
/** How long a directory may take, in ms: one that hangs leaves its place to the next. */
const LONGEST_CHECK = 10_000;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Identified {
  readonly user: User;
  readonly epoch: number;
}

/** The name under which attempts are counted, and how many are allowed. */
interface Counter {
  readonly name: string;
  readonly most: number | false;
}

/**
 * Checks a few passwords at a time, and limits failed sign-ins per account and address, and per address. Beyond the limits,
 * a sign-in is refused without a hash, with `retryAfter`.
 */
export class SignIn {
  readonly #options: StrategyOptions;
  readonly #directory: UserDirectory;
  readonly #key: Buffer;
  readonly #checks = new ConcurrencyLimiter({ atOnce: HASHES_AT_ONCE, waiting: MOST_WAITING });
  /** How many checks of a network run or wait; a network without any is not kept. */
  readonly #checksOf = new Map<string, number>();

  constructor(options: StrategyOptions) {
    this.#options = options;
    this.#directory = requireDirectory(options);
    this.#key = deriveBytes(options.secret, 'sign-in-attempts', 32);
  }

  /**
   * Checks the credentials and reports the result. Returns the user, and the store's epoch from before the directory was
   * asked: a change during the check begins a later epoch, which ends this sign-in.
   * @param at when the sign-in began, in ms since the epoch
   * @param request its address is counted; sign-ins without a request share one address
   * @throws AuthError `unauthenticated`, `banned`, `too-many-attempts`, or `unavailable` if too many sign-ins wait, of all
   * networks or of this one, or one waits over 5 s; StoreError if a store fails
   */
  async userBy(credentials: Credentials, at: number, request?: IncomingMessage): Promise<Identified> {
    const { report, limits, addressOf } = this.#options;
    const address = request === undefined ? 'unknown' : addressOf(request);
    const account = this.#hash('account', credentials.username.normalize('NFKC').trim().toLowerCase());
    const network = networkOf(address);
    const perAddress = { name: this.#hash('address', network), most: limits.failedSignInsPerAddress };
    // Never per account alone: whoever knows a name could lock its owner out.
    const perAccount = { name: this.#hash('both', account, network), most: limits.failedSignInsPerAccount };
    const failed = (code: RefusalCode, subject?: string) =>
      report({ event: 'sign-in', at, code, address, account, ...(subject !== undefined && { subject }) });

    await this.#count([perAddress, perAccount], () => failed('too-many-attempts'));
    const { user, epoch } = await this.#ofNetwork(network, () => this.#check(credentials, request)).catch(
      async (error: unknown) => {
        // Nothing was learned of the password.
        await this.#takeBack([perAddress, perAccount]);
        throw error;
      },
    );
    if (user === undefined) {
      failed('unauthenticated');
      throw new AuthError('unauthenticated');
    }
    await this.#takeBack([perAddress]);
    if (perAccount.most !== false) await this.#options.stores.attempts.clear(perAccount.name);
    if (user.banned) {
      failed('banned', user.subject);
      throw new AuthError('banned');
    }
    report({ event: 'sign-in', at, address, subject: user.subject });
    return { user, epoch };
  }

  /** Counts before the password check, so that parallel guesses are limited too. Reports the first refusal alone: a flood must not fill the log. */
  async #count(counters: readonly Counter[], tell: () => void): Promise<void> {
    const counted: Counter[] = [];
    try {
      for (const counter of counters) {
        if (counter.most === false) continue;
        const { count, endsIn } = await this.#options.stores.attempts.add(counter.name);
        if (count > counter.most) {
          if (count === counter.most + 1) tell();
          throw new AuthError('too-many-attempts', { retryAfter: endsIn });
        }
        counted.push(counter);
      }
    } catch (error) {
      // If taking back fails too, the caller still gets the first error.
      await this.#takeBack(counted).catch(() => {});
      throw error;
    }
  }

  async #takeBack(counters: readonly Counter[]): Promise<void> {
    for (const { name, most } of counters) if (most !== false) await this.#options.stores.attempts.takeBack(name);
  }

  /** @throws AuthError `unavailable`, at once, where the network has all the checks that one may have */
  async #ofNetwork<T>(network: string, check: () => Promise<T>): Promise<T> {
    const others = this.#checksOf.get(network) ?? 0;
    const bounded = this.#options.limits.failedSignInsPerAddress !== false;
    if (bounded && others >= MOST_OF_ONE_NETWORK) throw new AuthError('unavailable');
    this.#checksOf.set(network, others + 1);
    try {
      return await check();
    } finally {
      const left = this.#checksOf.get(network)! - 1;
      if (left === 0) this.#checksOf.delete(network);
      else this.#checksOf.set(network, left);
    }
  }

  async #check(
    { username, password }: Credentials,
    request?: IncomingMessage,
  ): Promise<Partial<Identified> & { epoch: number }> {
    const { clock, stores } = this.#options;
    const late = new AbortController();
    const cancel = clock.schedule(LONGEST_WAIT, () => late.abort());
    try {
      return await this.#checks.run(async () => {
        cancel();
        // Skip the check if the client disconnected while it was queued.
        if (request?.socket.destroyed) throw new AuthError('unavailable');
        const epoch = await stores.revocations.epoch();
        const user = await inTime(clock, LONGEST_CHECK, () => this.#directory.verifyPassword(username, password));
        return { epoch, ...(user && { user }) };
      }, late.signal);
    } finally {
      cancel();
    }
  }

  /** 132 bits: a name or an address cannot be told from it, nor be found by trying without the secret. */
  #hash(...parts: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
  }
}
