import type { PairClaims, RefreshFamilies, Rotation } from 'nest-ws-auth-lab/stores';
import type { Database } from './database.js';

/** Whether no revocation of the user came after the sign-in of this family. */
const STANDS = `epoch >= COALESCE((SELECT epoch FROM auth_accounts WHERE subject = auth_families.subject), 0)`;

interface Row {
  pair: string;
  previous_id: string | null;
  rotated_at: number;
}

export class SqlFamilies implements RefreshFamilies {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async begin(pair: PairClaims): Promise<void> {
    const { sessionId, subject, epoch, tokenId, issuedAt, expiresAt } = pair.refresh;
    await this.#database.sweep();
    await this.#database.run(
      `INSERT OR REPLACE INTO auth_families (id, subject, epoch, pair, current_id, rotated_at, ends_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      sessionId,
      subject,
      epoch,
      JSON.stringify(pair),
      tokenId,
      issuedAt,
      expiresAt,
    );
  }

  async rotate(id: string, presentedId: string, next: PairClaims, now: number, grace: number): Promise<Rotation> {
    // If several renewals run at once, only one finds its token current.
    const rotated = await this.#database.run(
      `UPDATE auth_families SET previous_id = current_id, current_id = ?, pair = ?, rotated_at = ?, ends_at = ?
       WHERE id = ? AND current_id = ? AND ends_at > ? AND ${STANDS} RETURNING id`,
      next.refresh.tokenId,
      JSON.stringify(next),
      now,
      next.refresh.expiresAt,
      id,
      presentedId,
      now,
    );
    if (rotated.length > 0) return { outcome: 'rotated', pair: next };
    const [row] = await this.#database.run<Row>(
      `SELECT pair, previous_id, rotated_at FROM auth_families WHERE id = ? AND ends_at > ? AND ${STANDS}`,
      id,
      now,
    );
    if (row === undefined) return { outcome: 'gone' };
    if (row.previous_id === presentedId && now <= row.rotated_at + grace) {
      return { outcome: 'replayed', pair: JSON.parse(row.pair) as PairClaims };
    }
    await this.end(id);
    return { outcome: 'reused' };
  }

  async has(_subject: string, id: string): Promise<boolean> {
    const now = this.#database.clock.now();
    const rows = await this.#database.run(
      `SELECT id FROM auth_families WHERE id = ? AND ends_at > ? AND ${STANDS}`,
      id,
      now,
    );
    return rows.length > 0;
  }

  async end(id: string): Promise<void> {
    await this.#database.run('DELETE FROM auth_families WHERE id = ?', id);
  }
}
