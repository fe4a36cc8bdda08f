import {
  type Entering,
  type KeptSignIn,
  LEFT_FOR,
  MOST_SIGN_INS,
  type SignIns,
  signInsOf,
} from 'nest-ws-auth-lab/stores';
import type { Database } from './database.js';

interface Row {
  name: string;
  place: number;
  epoch: number;
  until: number;
}

export class SqlSignIns implements SignIns {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async enter(
    subject: string,
    { name, epoch, until, continues = '' }: Entering,
  ): Promise<readonly KeptSignIn[] | undefined> {
    const database = this.#database;
    await database.sweep();
    await database.run('DELETE FROM auth_sign_ins WHERE subject = ? AND ends_at <= ?', subject, database.clock.now());
    // A name that is there keeps its place, and one that has left is not changed, so that no row is returned.
    const entered = await database.run(
      `INSERT INTO auth_sign_ins (subject, name, place, epoch, ends_at)
       SELECT ?1, ?2,
         COALESCE(
           (SELECT place FROM auth_sign_ins WHERE subject = ?1 AND name = ?5),
           (SELECT COALESCE(MAX(place), 0) + 1 FROM auth_sign_ins WHERE subject = ?1)
         ),
         COALESCE((SELECT epoch FROM auth_sign_ins WHERE subject = ?1 AND name = ?5), ?3),
         ?4
       WHERE EXISTS (SELECT 1 FROM auth_sign_ins WHERE subject = ?1 AND name = ?2)
         OR NOT EXISTS (SELECT 1 FROM auth_sign_ins WHERE subject = ?1 AND name = ?5 AND has_left = 1)
       ON CONFLICT (subject, name) DO UPDATE SET ends_at = MAX(ends_at, excluded.ends_at) WHERE has_left = 0
       RETURNING place`,
      subject,
      name,
      epoch,
      until,
      continues,
    );
    if (entered.length === 0) return undefined;
    await database.run(
      `DELETE FROM auth_sign_ins
       WHERE subject = ?1 AND place <= (SELECT MAX(place) FROM auth_sign_ins WHERE subject = ?1) - ?2`,
      subject,
      MOST_SIGN_INS,
    );
    return signInsOf(
      await database.run<Row>(
        'SELECT name, place, epoch, ends_at AS until FROM auth_sign_ins WHERE subject = ? AND has_left = 0',
        subject,
      ),
    );
  }

  async leave(subject: string, name: string): Promise<void> {
    await this.#database.run(
      'UPDATE auth_sign_ins SET has_left = 1, ends_at = MIN(ends_at, ?) WHERE subject = ? AND name = ?',
      this.#database.clock.now() + LEFT_FOR,
      subject,
      name,
    );
  }
}
