import session from 'express-session';
import type { SessionData } from 'express-session';
import type { Done, SessionStore } from '../shared/stores/sessions.ts';

/** A store for express-session, which adds what express-session asks of one beside its records. */
export class ExpressStore extends session.Store {
  readonly #inner: SessionStore;

  constructor(inner: SessionStore) {
    super();
    this.#inner = inner;
  }

  override get(id: string, done: Done<SessionData | null>): void {
    this.#inner.get(id, done);
  }

  override set(id: string, stored: SessionData, done?: Done): void {
    this.#inner.set(id, stored, done);
  }

  override destroy(id: string, done?: Done): void {
    this.#inner.destroy(id, done);
  }

  override touch(id: string, stored: SessionData, done: Done = () => {}): void {
    if (this.#inner.touch === undefined) done(null);
    else this.#inner.touch(id, stored, done);
  }
}
