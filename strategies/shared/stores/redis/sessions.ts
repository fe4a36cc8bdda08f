import type { Clock } from '../../clock.ts';
import type { Done, SessionRecord, SessionStore } from '../sessions.ts';
import type { RedisLink } from './link.ts';

/** Sets a key that still holds what was read of it. ARGV: that, what comes in its place, and for how many ms. */
const REPLACE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`;

/** How often a session that others change meanwhile is read again. */
const MOST_ATTEMPTS = 10;

/**
 * Sessions in Redis, in the format of connect-redis, with the expiry on the injected clock. The `touch` of connect-redis
 * moves the key's end alone. Here the cookie's end moves with it, because readers take that for the end of the session.
 */
export class RedisSessions implements SessionStore {
  readonly #link: RedisLink;
  readonly #prefix: string;
  readonly #clock: Clock;

  constructor(link: RedisLink, prefix: string, clock: Clock) {
    this.#link = link;
    this.#prefix = `${prefix}session:`;
    this.#clock = clock;
  }

  get(id: string, done: Done<SessionRecord | null>): void {
    const read = async () => {
      const stored = await this.#read(id);
      return stored && leftOf(stored.session.cookie, this.#clock) > 0 ? stored.session : null;
    };
    void told(read, done);
  }

  set(id: string, session: SessionRecord, done: Done = () => {}): void {
    const left = Math.ceil(leftOf(session.cookie, this.#clock));
    if (left <= 0) return this.destroy(id, done);
    const expiration = { type: 'PX', value: left } as const;
    const write = () =>
      this.#link.ask(async (client) => {
        await client.set(this.#prefix + id, JSON.stringify(session), { expiration });
      });
    void told(write, done);
  }

  destroy(id: string, done: Done = () => {}): void {
    const remove = () =>
      this.#link.ask(async (client) => {
        await client.del(this.#prefix + id);
      });
    void told(remove, done);
  }

  touch(id: string, { cookie }: SessionRecord, done: Done = () => {}): void {
    void told(() => this.#touch(id, cookie), done);
  }

  async #touch(id: string, cookie: SessionRecord['cookie']): Promise<void> {
    const left = leftOf(cookie, this.#clock);
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const stored = await this.#read(id);
      if (stored === undefined || left <= 0) return;
      const moved = JSON.stringify({ ...stored.session, cookie });
      const parameters = { keys: [this.#prefix + id], arguments: [stored.text, moved, String(Math.ceil(left))] };
      if ((await this.#link.ask((client) => client.eval(REPLACE, parameters))) === 1) return;
    }
    throw new Error('The session kept changing while its end was moved');
  }

  async #read(id: string): Promise<{ text: string; session: SessionRecord } | undefined> {
    const text = await this.#link.ask((client) => client.get(this.#prefix + id));
    return text === null ? undefined : { text, session: JSON.parse(text) as SessionRecord };
  }
}

const leftOf = ({ expires }: SessionRecord['cookie'], clock: Clock): number =>
  expires ? new Date(expires).getTime() - clock.now() : Infinity;

async function told<T>(work: () => Promise<T>, done: Done<T>): Promise<void> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    return done(error);
  }
  done(null, result);
}
