import session from 'express-session';
import type { SessionData } from 'express-session';
import type { Clock } from './clock.ts';

/** express-session's own memory store, with the expiry on the injected clock. */
export class ClockedMemoryStore extends session.MemoryStore {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  override get(id: string, done: (error: unknown, stored?: SessionData | null) => void): void {
    super.get(id, (error, stored) => {
      const expires = stored?.cookie.expires;
      const over = expires && new Date(expires).getTime() <= this.#clock.now();
      if (over) this.destroy(id, (failed) => done(failed));
      else done(error, stored);
    });
  }
}
