import type { IncomingMessage } from 'node:http';

/** The part of a CONNECT that may carry a credential. */
export interface Handshake {
  /** Socket.IO's `auth` payload: whatever the client sent, unchecked. */
  readonly auth: Readonly<Record<string, unknown>>;
  /** The HTTP request that opened the transport. */
  readonly request: IncomingMessage;
  /** The namespace that the CONNECT asks for, such as `/chat`. */
  readonly namespace: string;
}
