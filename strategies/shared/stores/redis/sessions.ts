import { RedisStore } from 'connect-redis';
import type { SessionData } from 'express-session';
import type { Clock } from '../../clock.ts';
import type { RedisLink } from './link.ts';

/** Sets a key that still holds what was read of it. ARGV: that, what comes in its place, and for how many ms. */
const REPLACE = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`;

/** How often a session that others change meanwhile is read again. */
const MOST_ATTEMPTS = 10;

type Done<T = void> = (error: unknown, stored?: T) => void;

/**
 * connect-redis, with the expiry on the injected clock. Its own `touch` moves the key's end and leaves the cookie's as
 * it was, which whoever reads the session would take for its end; here both move, and nothing else of the session.
 */
export class RedisSessions extends RedisStore {
  readonly #link: RedisLink;
  readonly #clock: Clock;

  constructor(link: RedisLink, prefix: string, clock: Clock) {
    const ttl = ({ cookie }: SessionData) => Math.ceil(leftOf(cookie, clock) / 1000);
    super({ client: link.commands, prefix: `${prefix}session:`, ttl });
    this.#link = link;
    this.#clock = clock;
  }

  override async get(id: string, done: Done<SessionData | null>): Promise<void> {
    const read = async () => {
      const stored = await this.#read(id);
      return stored && leftOf(stored.session.cookie, this.#clock) > 0 ? stored.session : null;
    };
    await told(read, done);
  }

  override async set(id: string, session: SessionData, done: Done = () => {}): Promise<void> {
    await told(() => this.#link.ask(async () => void (await super.set(id, session))), done);
  }

  override async destroy(id: string, done: Done = () => {}): Promise<void> {
    await told(() => this.#link.ask(async () => void (await super.destroy(id))), done);
  }

  override async touch(id: string, { cookie }: SessionData, done: Done = () => {}): Promise<void> {
    await told(() => this.#touch(id, cookie), done);
  }

  async #touch(id: string, cookie: SessionData['cookie']): Promise<void> {
    const left = leftOf(cookie, this.#clock);
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const stored = await this.#read(id);
      if (stored === undefined || left <= 0) return;
      const moved = JSON.stringify({ ...stored.session, cookie });
      const parameters = { keys: [this.prefix + id], arguments: [stored.text, moved, String(Math.ceil(left))] };
      if ((await this.#link.ask((client) => client.eval(REPLACE, parameters))) === 1) return;
    }
    throw new Error('The session kept changing while its end was moved');
  }

  async #read(id: string): Promise<{ text: string; session: SessionData } | undefined> {
    const text = await this.#link.ask((client) => client.get(this.prefix + id));
    return text === null ? undefined : { text, session: JSON.parse(text) as SessionData };
  }
}

const leftOf = ({ expires }: SessionData['cookie'], clock: Clock): number =>
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
