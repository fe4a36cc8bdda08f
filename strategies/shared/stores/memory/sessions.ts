import type { Clock } from '../../clock.ts';
import type { Done, SessionRecord, SessionStore } from '../sessions.ts';

interface Kept {
  /** As JSON, so that no caller shares the stored object. */
  readonly text: string;
  /** ms since the epoch */
  readonly endsAt: number;
}

/**
 * Sessions in this process's memory, with the expiry on the injected clock: express-session's own store takes the process's
 * time, and keeps what has expired until someone asks for it.
 */
export class ClockedMemoryStore implements SessionStore {
  readonly #clock: Clock;
  /** In the order in which they were last active, which is almost that in which they end. */
  readonly #sessions = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(id: string, done: Done<SessionRecord | null>): void {
    const kept = this.#kept(id);
    setImmediate(done, null, kept && (JSON.parse(kept.text) as SessionRecord));
  }

  set(id: string, stored: SessionRecord, done: Done = () => {}): void {
    this.#keep(id, stored);
    setImmediate(done, null);
  }

  /** Moves the end of a session, and nothing else of it. */
  touch(id: string, { cookie }: SessionRecord, done: Done = () => {}): void {
    const kept = this.#kept(id);
    if (kept !== undefined) this.#keep(id, { ...(JSON.parse(kept.text) as SessionRecord), cookie });
    setImmediate(done, null);
  }

  destroy(id: string, done: Done = () => {}): void {
    this.#sessions.delete(id);
    setImmediate(done, null);
  }

  #keep(id: string, stored: SessionRecord): void {
    const { expires } = stored.cookie;
    this.#sessions.delete(id);
    this.#sessions.set(id, {
      text: JSON.stringify(stored),
      endsAt: expires ? new Date(expires).getTime() : Infinity,
    });
    this.#forgetExpired();
  }

  #kept(id: string): Kept | undefined {
    const kept = this.#sessions.get(id);
    return kept !== undefined && kept.endsAt > this.#clock.now() ? kept : undefined;
  }

  #forgetExpired(): void {
    const now = this.#clock.now();
    for (const [id, { endsAt }] of this.#sessions) {
      if (endsAt > now) return;
      this.#sessions.delete(id);
    }
  }
}
