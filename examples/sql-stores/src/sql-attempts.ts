import { ATTEMPT_WINDOW, type Attempts, type Counted } from 'nest-ws-auth-lab/stores';
import type { Database } from './database.js';

export class SqlAttempts implements Attempts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(name: string): Promise<Counted> {
    await this.#database.sweep();
    const now = this.#database.clock.now();
    const [row] = await this.#database.run<{ count: number; ends_at: number }>(
      `INSERT INTO auth_attempts (name, count, ends_at) VALUES (?1, 1, ?2)
       ON CONFLICT (name) DO UPDATE SET
         count = CASE WHEN ends_at <= ?3 THEN 1 ELSE count + 1 END,
         ends_at = CASE WHEN ends_at <= ?3 THEN excluded.ends_at ELSE ends_at END
       RETURNING count, ends_at`,
      name,
      now + ATTEMPT_WINDOW,
      now,
    );
    return { count: row.count, endsIn: row.ends_at - now };
  }

  async takeBack(name: string): Promise<void> {
    await this.#database.run('UPDATE auth_attempts SET count = count - 1 WHERE name = ? AND count > 0', name);
    await this.#database.run('DELETE FROM auth_attempts WHERE name = ? AND count = 0', name);
  }

  async clear(name: string): Promise<void> {
    await this.#database.run('DELETE FROM auth_attempts WHERE name = ?', name);
  }
}
