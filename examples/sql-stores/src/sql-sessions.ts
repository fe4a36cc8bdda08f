import session, { type SessionData } from 'express-session';
import type { Database } from './database.js';

type Done<T = void> = (error: unknown, stored?: T) => void;

const endOf = ({ expires }: SessionData['cookie']): number =>
  expires ? new Date(expires).getTime() : Number.MAX_SAFE_INTEGER;

/** The cookie has a column of its own, so that a touch changes nothing else. */
export class SqlSessions extends session.Store {
  readonly #database: Database;

  constructor(database: Database) {
    super();
    this.#database = database;
  }

  override get(id: string, done: Done<SessionData | null>): void {
    settle(this.#read(id), done);
  }

  override set(id: string, { cookie, ...data }: SessionData, done: Done = () => {}): void {
    settle(this.#write(id, data, cookie), done);
  }

  override touch(id: string, { cookie }: SessionData, done: Done = () => {}): void {
    settle(this.#touch(id, cookie), done);
  }

  override destroy(id: string, done: Done = () => {}): void {
    settle(this.#destroy(id), done);
  }

  async #touch(id: string, cookie: SessionData['cookie']): Promise<void> {
    await this.#database.run(
      'UPDATE auth_sessions SET cookie = ?, ends_at = ? WHERE id = ?',
      JSON.stringify(cookie),
      endOf(cookie),
      id,
    );
  }

  async #destroy(id: string): Promise<void> {
    await this.#database.run('DELETE FROM auth_sessions WHERE id = ?', id);
  }

  async #read(id: string): Promise<SessionData | null> {
    const [row] = await this.#database.run<{ data: string; cookie: string }>(
      'SELECT data, cookie FROM auth_sessions WHERE id = ? AND ends_at > ?',
      id,
      this.#database.clock.now(),
    );
    return row === undefined ? null : ({ ...JSON.parse(row.data), cookie: JSON.parse(row.cookie) } as SessionData);
  }

  async #write(id: string, data: object, cookie: SessionData['cookie']): Promise<void> {
    await this.#database.sweep();
    await this.#database.run(
      'INSERT OR REPLACE INTO auth_sessions (id, data, cookie, ends_at) VALUES (?, ?, ?, ?)',
      id,
      JSON.stringify(data),
      JSON.stringify(cookie),
      endOf(cookie),
    );
  }
}

function settle<T>(work: Promise<T>, done: Done<T>): void {
  work.then(
    (stored) => done(null, stored),
    (error: unknown) => done(error),
  );
}
