import type { Request, RequestHandler } from 'express';

/** An application's own sessions: its middleware loads them, and it says whose they are. */
export interface ExternalSession {
  /**
   * What loads a session for the application's own routes, in the same order.
   * @example middleware: [expressSession, passport.session()]
   */
  readonly middleware: RequestHandler | readonly RequestHandler[];
  /**
   * Whose session a request has; undefined where nobody is signed in. Subject: 1 to 256 characters.
   * @example user: (request) => request.user && { subject: request.user.id, roles: request.user.roles }
   */
  readonly user: (request: Request) => SessionHolder | undefined | Promise<SessionHolder | undefined>;
  /** How often the session of a connection that sends nothing is loaded again, in ms. Default: 30 s. */
  readonly recheck?: number;
}

export interface SessionHolder {
  readonly subject: string;
  /** Default: none. */
  readonly roles?: readonly string[] | undefined;
}
