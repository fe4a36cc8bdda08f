import type { Clock } from 'nest-ws-auth-lab/stores';
import type { DataSource } from 'typeorm';

/** A value of a column. Times are in ms since the epoch. */
type Value = string | number | null;

const tables = {
  attempts: 'name TEXT PRIMARY KEY, count INTEGER NOT NULL, ends_at INTEGER NOT NULL',
  families: `id TEXT PRIMARY KEY, subject TEXT NOT NULL, epoch INTEGER NOT NULL, pair TEXT NOT NULL,
    current_id TEXT NOT NULL, previous_id TEXT, rotated_at INTEGER NOT NULL, ends_at INTEGER NOT NULL`,
  accounts: `subject TEXT PRIMARY KEY, epoch INTEGER, code TEXT, until INTEGER NOT NULL DEFAULT 0,
    banned_until INTEGER NOT NULL DEFAULT 0, roles TEXT, roles_until INTEGER NOT NULL DEFAULT 0,
    ends_at INTEGER GENERATED ALWAYS AS (MAX(until, banned_until, roles_until))`,
  denied: `subject TEXT NOT NULL, name TEXT NOT NULL, revocation TEXT NOT NULL, ends_at INTEGER NOT NULL,
    PRIMARY KEY (subject, name)`,
  revocation_log:
    'id INTEGER PRIMARY KEY AUTOINCREMENT, node TEXT NOT NULL, revocation TEXT NOT NULL, ends_at INTEGER NOT NULL',
  sessions: 'id TEXT PRIMARY KEY, data TEXT NOT NULL, cookie TEXT NOT NULL, ends_at INTEGER NOT NULL',
  sign_ins: `subject TEXT NOT NULL, name TEXT NOT NULL, place INTEGER NOT NULL, epoch INTEGER NOT NULL,
    has_left INTEGER NOT NULL DEFAULT 0, ends_at INTEGER NOT NULL, PRIMARY KEY (subject, name)`,
};

/** How often rows that have ended are deleted, in ms. */
const SWEEP_INTERVAL = 60_000;

/** The tables of the stores. Each method of a store changes rows with single statements, which SQLite runs alone. */
export class Database {
  readonly clock: Clock;
  readonly #source: DataSource;
  #nextSweep = 0;

  private constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.clock = clock;
  }

  static async open(source: DataSource, clock: Clock): Promise<Database> {
    const database = new Database(source, clock);
    for (const [name, columns] of Object.entries(tables)) {
      await database.run(`CREATE TABLE IF NOT EXISTS auth_${name} (${columns})`);
    }
    await database.run(
      'CREATE TABLE IF NOT EXISTS auth_epoch (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL)',
    );
    return database;
  }

  /** Runs one statement, and returns its rows. */
  run<Row>(statement: string, ...values: Value[]): Promise<Row[]> {
    return this.#source.query<Row[]>(statement, values);
  }

  /** Call it before a row is added: at most once a minute, it deletes the rows that have ended. */
  async sweep(): Promise<void> {
    const now = this.clock.now();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + SWEEP_INTERVAL;
    for (const name of Object.keys(tables)) await this.run(`DELETE FROM auth_${name} WHERE ends_at <= ?`, now);
  }

  /** The number of rows. */
  async size(): Promise<number> {
    let size = 0;
    for (const name of Object.keys(tables)) {
      const [row] = await this.run<{ count: number }>(`SELECT COUNT(*) AS count FROM auth_${name}`);
      size += row?.count ?? 0;
    }
    return size;
  }
}
