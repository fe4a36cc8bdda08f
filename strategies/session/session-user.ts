import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { nameOf } from '../shared/secret.ts';
import type { Principal } from '../strategy.ts';

/** What a session holds of its user. */
export interface SessionUser {
  readonly subject: string;
  readonly roles: readonly string[];
  /** When it ends however active it is, in ms since the epoch. */
  readonly endsAt: number;
  /** The epoch that the store was in when the sign-in began. */
  readonly epoch: number;
}

declare module 'express-session' {
  interface SessionData {
    user?: SessionUser;
  }
}

/** A session as its store has it. */
export interface StoredSession {
  readonly user: SessionUser;
  /** ms since the epoch */
  readonly expiresAt: number;
}

export const principalOf = (user: SessionUser, id: string): Principal => ({
  subject: user.subject,
  roles: user.roles,
  sessionId: nameOf(id),
  epoch: user.epoch,
});

export const sessionOf = (request: IncomingMessage) => request as Partial<Pick<Request, 'session' | 'sessionID'>>;
