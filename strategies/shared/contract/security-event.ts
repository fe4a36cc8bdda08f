import type { RefusalCode } from '../refusals.ts';

/** Something that a security log keeps (ASVS 16.3): who, what and why, without any credential. */
export interface SecurityEvent {
  readonly event: 'sign-in' | 'sign-out' | 'reuse' | 'upgrade' | 'connect' | 'message' | 'renewal' | 'cut';
  /** ms since the epoch */
  readonly at: number;
  /** Why it was refused or ended; absent where it went through. */
  readonly code?: RefusalCode;
  /** Absent where nobody is known: what was typed for a name may be a password. */
  readonly subject?: string;
  readonly namespace?: string;
  /** The network address of the connection, or of the request. */
  readonly address?: string;
  /** For `origin-refused`: the origin, cut at 100 characters, or `not an origin` if a browser would not send this value. */
  readonly origin?: string;
  /** Of a failed sign-in: a keyed hash of the user name, so that failures for one account can be told to belong together. */
  readonly account?: string;
}

/** Takes one event; it must not throw, and is not waited for. */
export type Report = (event: SecurityEvent) => void;
