import { type Clock, type Stores, systemClock } from 'nest-ws-auth-lab/stores';
import type { DataSource } from 'typeorm';
import { Database } from './database.js';
import { SqlAttempts } from './sql-attempts.js';
import { SqlFamilies } from './sql-families.js';
import { SqlRevocations } from './sql-revocations.js';
import { SqlSessions } from './sql-sessions.js';
import { SqlSignIns } from './sql-sign-ins.js';

export interface SqlStores extends Stores {
  /** The number of rows. */
  size(): Promise<number>;
  close(): void;
}

/** The stores of the package in SQLite, through TypeORM. All nodes that share the database share the stores. */
export async function sqlStores(source: DataSource, clock: Clock = systemClock): Promise<SqlStores> {
  const database = await Database.open(source, clock);
  const revocations = await SqlRevocations.open(database);
  return {
    revocations,
    families: new SqlFamilies(database),
    sessions: new SqlSessions(database),
    attempts: new SqlAttempts(database),
    signIns: new SqlSignIns(database),
    size: () => database.size(),
    close: () => revocations.close(),
  };
}
