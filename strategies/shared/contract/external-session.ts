/**
 * A request, a response and middleware as Express and its middleware have them. Their types would ask every application
 * for `@types/express`. So annotate the parameter of `user` with the type that your application has.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type ExpressRequest = any;
export type ExpressMiddleware = (
  request: ExpressRequest,
  response: ExpressRequest,
  next: (error?: unknown) => void,
) => unknown;

/** The sessions of an application: its middleware loads them, and `user` returns the holder. */
export interface ExternalSession {
  /**
   * The middleware that loads a session for the application's own routes, in the same order.
   * @example middleware: [expressSession, passport.session()]
   */
  readonly middleware: ExpressMiddleware | readonly ExpressMiddleware[];
  /**
   * Returns the holder of a request's session, or undefined if nobody is signed in. The subject has 1 to 256 characters.
   * @example user: (request) => request.user && { subject: request.user.id, roles: request.user.roles }
   */
  readonly user: (request: ExpressRequest) => SessionHolder | undefined | Promise<SessionHolder | undefined>;
  /** How often the session is loaded again on a connection that sends nothing, in ms. Default: 30,000. */
  readonly recheck?: number;
}

export interface SessionHolder {
  readonly subject: string;
  /** Default: none. */
  readonly roles?: readonly string[] | undefined;
}
