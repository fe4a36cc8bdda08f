import type { Connection } from './connection.ts';

const nobody: ReadonlySet<Connection> = new Set();

/** The decided connections, by the subject of their principal. */
export class ConnectionsBySubject {
  readonly #connections = new Map<string, Set<Connection>>();
  readonly #guests = new Set<Connection>();

  add(connection: Connection, subject: string): void {
    const ofSubject = this.#connections.get(subject) ?? new Set();
    this.#connections.set(subject, ofSubject.add(connection));
    if (connection.isGuest) this.#guests.add(connection);
  }

  remove(connection: Connection, subject: string): void {
    this.#guests.delete(connection);
    const ofSubject = this.#connections.get(subject);
    ofSubject?.delete(connection);
    if (ofSubject?.size === 0) this.#connections.delete(subject);
  }

  of(subject: string): ReadonlySet<Connection> {
    return this.#connections.get(subject) ?? nobody;
  }

  /** How many of them are connections of guests. */
  get guests(): number {
    return this.#guests.size;
  }
}
