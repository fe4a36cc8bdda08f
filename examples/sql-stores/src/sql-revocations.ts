import { randomUUID } from 'node:crypto';
import {
  type AccountRecord,
  isNarrow,
  MOST_NARROW,
  nameOf,
  namesFor,
  type Principal,
  type Revocation,
  type Revocations,
  revocationsIn,
  revokedBy,
  rolesIn,
  type SubjectRevocation,
} from 'nest-ws-auth-lab/stores';
import type { Database } from './database.js';

/** How often a node reads the revocations of the other nodes, in ms. */
const POLL_INTERVAL = 250;
/** For how long they are kept, in ms. A node that could not read for longer lets everyone connect again. */
const LOG_KEPT = 3_600_000;

interface AccountRow {
  epoch: number | null;
  code: string | null;
  until: number;
  banned_until: number;
  roles: string | null;
  roles_until: number;
}

interface LogRow {
  id: number;
  node: string;
  revocation: string;
}

export class SqlRevocations implements Revocations {
  readonly #database: Database;
  readonly #node = randomUUID();
  readonly #listeners = new Set<(revocation: Revocation) => void>();
  #readUntil = 0;
  #readAt: number;
  #timer: NodeJS.Timeout | undefined;

  private constructor(database: Database) {
    this.#database = database;
    this.#readAt = database.clock.now();
  }

  static async open(database: Database): Promise<SqlRevocations> {
    const revocations = new SqlRevocations(database);
    const [row] = await database.run<{ id: number }>('SELECT COALESCE(MAX(id), 0) AS id FROM auth_revocation_log');
    revocations.#readUntil = row.id;
    revocations.#timer = setInterval(() => void revocations.#poll().catch(() => {}), POLL_INTERVAL).unref();
    return revocations;
  }

  async epoch(): Promise<number> {
    const [row] = await this.#database.run<{ epoch: number }>('SELECT epoch FROM auth_epoch');
    return row?.epoch ?? 0;
  }

  async publish(revocation: SubjectRevocation, until?: number, bannedUntil?: number): Promise<void> {
    let told: Revocation = revocation;
    try {
      await this.#database.sweep();
      if (until !== undefined) told = await this.#remember(revocation, until, bannedUntil);
    } finally {
      // If the database fails, the connections of this node end all the same.
      this.#tell(told);
    }
    await this.#database.run(
      'INSERT INTO auth_revocation_log (node, revocation, ends_at) VALUES (?, ?, ?)',
      this.#node,
      JSON.stringify(told),
      this.#database.clock.now() + LOG_KEPT,
    );
    if (until !== undefined && isNarrow(revocation)) await this.#widen(revocation.subject);
  }

  async unban(subject: string): Promise<void> {
    await this.#database.run('UPDATE auth_accounts SET banned_until = 0 WHERE subject = ?', subject);
  }

  async check(principal: Principal): ReturnType<Revocations['check']> {
    const now = this.#database.clock.now();
    const rows = await this.#database.run<{ revocation: string }>(
      'SELECT revocation FROM auth_denied WHERE subject = ? AND ends_at > ? AND name IN (?, ?, ?)',
      principal.subject,
      now,
      ...namesFor(principal),
    );
    const narrow = rows.map(({ revocation }) => JSON.parse(revocation) as Revocation);
    return revokedBy([...narrow, ...revocationsIn(await this.#account(principal.subject), now)], principal);
  }

  async rolesOf(subject: string): Promise<readonly string[] | undefined> {
    return rolesIn(await this.#account(subject), this.#database.clock.now());
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Stores a revocation, and returns what the listeners are told. */
  async #remember(revocation: SubjectRevocation, until: number, bannedUntil = 0): Promise<Revocation> {
    const { subject, code, roles } = revocation;
    if (isNarrow(revocation)) {
      await this.#database.run(
        `INSERT INTO auth_denied (subject, name, revocation, ends_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (subject, name) DO UPDATE SET revocation = excluded.revocation, ends_at = MAX(ends_at, excluded.ends_at)`,
        subject,
        nameOf(revocation),
        JSON.stringify(revocation),
        until,
      );
      return revocation;
    }
    if (roles !== undefined) {
      await this.#database.run(
        `INSERT INTO auth_accounts (subject, roles, roles_until) VALUES (?, ?, ?)
         ON CONFLICT (subject) DO UPDATE SET roles = excluded.roles, roles_until = excluded.roles_until`,
        subject,
        JSON.stringify(roles),
        until,
      );
      return revocation;
    }
    const epoch = await this.#beginEpoch();
    await this.#database.run(
      `INSERT INTO auth_accounts (subject, epoch, code, until, banned_until) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (subject) DO UPDATE SET epoch = MAX(COALESCE(epoch, 0), excluded.epoch), code = excluded.code,
         until = MAX(until, excluded.until),
         banned_until = CASE WHEN excluded.banned_until = 0 THEN banned_until ELSE excluded.banned_until END`,
      subject,
      epoch,
      code,
      until,
      bannedUntil,
    );
    return { ...revocation, epoch };
  }

  /** Epochs are counted, and are not below the time in microseconds, with which tokens of another issuer are compared. */
  async #beginEpoch(): Promise<number> {
    const [row] = await this.#database.run<{ epoch: number }>(
      `INSERT INTO auth_epoch (id, epoch) VALUES (1, ?)
       ON CONFLICT (id) DO UPDATE SET epoch = MAX(epoch + 1, excluded.epoch) RETURNING epoch`,
      Math.round(this.#database.clock.now() * 1000),
    );
    return row.epoch;
  }

  /** Replaces too many single revocations of a user by one of all sign-ins so far. */
  async #widen(subject: string): Promise<void> {
    const [row] = await this.#database.run<{ count: number; last: number; until: number }>(
      `SELECT COUNT(*) AS count, MAX(rowid) AS last, MAX(ends_at) AS until FROM auth_denied
       WHERE subject = ? AND ends_at > ?`,
      subject,
      this.#database.clock.now(),
    );
    if (row.count <= MOST_NARROW) return;
    await this.publish({ code: 'revoked', subject }, row.until);
    await this.#database.run('DELETE FROM auth_denied WHERE subject = ? AND rowid <= ?', subject, row.last);
  }

  async #account(subject: string): Promise<AccountRecord> {
    const [row] = await this.#database.run<AccountRow>('SELECT * FROM auth_accounts WHERE subject = ?', subject);
    if (row === undefined) return {};
    const { epoch, code, until, banned_until: bannedUntil, roles, roles_until: rolesUntil } = row;
    return {
      ...(epoch !== null && { epoch }),
      ...(code !== null && { code: code as Revocation['code'] }),
      ...(roles !== null && { roles: JSON.parse(roles) as string[] }),
      until,
      bannedUntil,
      rolesUntil,
    };
  }

  /** Tells the listeners what other nodes have revoked. */
  async #poll(): Promise<void> {
    const rows = await this.#database.run<LogRow>(
      'SELECT id, node, revocation FROM auth_revocation_log WHERE id > ? ORDER BY id',
      this.#readUntil,
    );
    const now = this.#database.clock.now();
    if (now > this.#readAt + LOG_KEPT) this.#tell({ code: 'reconnect-required' });
    this.#readAt = now;
    for (const { id, node, revocation } of rows) {
      if (id <= this.#readUntil) continue;
      this.#readUntil = id;
      if (node !== this.#node) this.#tell(JSON.parse(revocation) as Revocation);
    }
  }

  #tell(revocation: Revocation): void {
    for (const listener of this.#listeners) listener(revocation);
  }
}
