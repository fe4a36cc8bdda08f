import type { Connection } from '../connections/connection.ts';

/** The state of one transport. */
export interface Transport {
  /**
   * CONNECT packets that arrived, and those of them that are being decided on: a burst that arrives in one go is
   * refused from the first one over the limit on, and not from its first.
   */
  connects: number;
  asked: number;
  subject: string | undefined;
  /** Pending and open ones by namespace; what has ended is taken out. */
  readonly namespaces: Map<string, Connection>;
  /** A namespace has let it in. */
  joined: boolean;
  /** It was ended for what it sent or left unread. */
  misused: boolean;
  /** It is being ended without more words. */
  ended: boolean;
  /** Stops the timer that would close it for having left every namespace. */
  stay: (() => void) | undefined;
}

/** A transport that has asked for nothing yet. */
export const newTransport = (): Transport => ({
  connects: 0,
  asked: 0,
  subject: undefined,
  namespaces: new Map(),
  joined: false,
  misused: false,
  ended: false,
  stay: undefined,
});
