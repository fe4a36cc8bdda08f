import type { Connection } from '../connections/connection.ts';
import type { PacketMeter } from './packet-meter.ts';

/** The ledger of one transport: what it asked for, what it is in, and how it ends. */
export class Transport {
  /**
   * CONNECT packets that arrived, and those of them that are being decided on: a burst that arrives in one go is
   * refused from the first one over the limit on, and not from its first.
   */
  connects = 0;
  asked = 0;
  /** Whom its connections belong to, once one was admitted. */
  subject: string | undefined;
  /** Pending and open ones by namespace; what has ended is taken out. */
  readonly namespaces = new Map<string, Connection>();
  /** A namespace has let it in. */
  joined = false;
  /** It was ended for what it sent or left unread. */
  misused = false;
  /** It is being ended without more words. */
  ended = false;
  /** Counts its packets, once it is watched. */
  meter: PacketMeter | undefined;
  /** Ends it if it leaves too much unread. */
  checkUnsent: () => void = () => {};
  /** Stops the timer that would close it for having left every namespace. */
  stay: (() => void) | undefined;

  enter(connection: Connection): void {
    this.namespaces.set(connection.socket.nsp.name, connection);
  }

  leave(connection: Connection): void {
    const { name } = connection.socket.nsp;
    if (this.namespaces.get(name) === connection) this.namespaces.delete(name);
  }

  /** One of its connections in this phase, where there is any. */
  find(phase: Connection['phase']): Connection | undefined {
    for (const connection of this.namespaces.values()) if (connection.phase === phase) return connection;
    return undefined;
  }
}
