import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import type { SessionData } from 'express-session';
import { followDirectory } from '../shared/accounts/account-changes.ts';
import { requireDirectory } from '../shared/accounts/directory.ts';
import { cookieOf } from '../shared/access-tokens/cookie.ts';
import { cookieName, cookieOptions, hostName, secureWhileWritten } from '../shared/http/cookies.ts';
import { AuthError, StoreError } from '../shared/errors.ts';
import { httpError } from '../shared/http/answers.ts';
import { nameOf, requireSecret } from '../shared/secret.ts';
import { inTime } from '../shared/in-time.ts';
import { longestCredential, wholeSecond } from '../shared/lifetimes.ts';
import { SessionLimit } from '../shared/accounts/session-limit.ts';
import { SignIn } from '../shared/accounts/sign-in.ts';
import type { Revocations } from '../shared/stores/revocations.ts';
import type { SessionStore } from '../shared/stores/sessions.ts';
import type { StrategyOptions } from '../strategy.ts';
import { ExpressStore } from './express-store.ts';
import { principalOf, sessionOf, type SessionUser, type StoredSession } from './session-user.ts';

const COOKIE = 'sid';

/** Whether a request carries a cookie of a session, valid or not. */
export const hasSessionCookie = (request: IncomingMessage): boolean =>
  cookieOf(request, cookieName(request, COOKIE)) !== undefined;

/** How long a store may take for one session, in ms. */
const LONGEST_READ = 5000;

/** One express-session, shared by HTTP and the Socket.IO engine. Nothing here saves a session that a socket holds. */
export class Sessions {
  /** Loads a request's session, whatever became of it since. */
  readonly load: RequestHandler;
  readonly revocations: Revocations;
  readonly #store: SessionStore;
  readonly #options: StrategyOptions;
  readonly #signIn: SignIn;
  readonly #limit: SessionLimit;
  readonly #stopListening: () => void;

  constructor(options: StrategyOptions) {
    this.#options = options;
    this.#signIn = new SignIn(options);
    this.#limit = new SessionLimit(options);
    this.#store = options.stores.sessions;
    // A store of express-session tells express-session when it is disconnected.
    const store = this.#store instanceof session.Store ? this.#store : new ExpressStore(this.#store);
    this.revocations = options.stores.revocations;
    const [plain, host] = [COOKIE, hostName(COOKIE)].map((name) =>
      session({
        name,
        secret: requireSecret(options.secret),
        store,
        resave: false,
        saveUninitialized: false,
        cookie: (request) => ({
          ...cookieOptions(request, COOKIE),
          sameSite: 'lax',
          maxAge: options.lifetimes.sessionIdle,
        }),
      }),
    );
    this.load = (request, response, next) => {
      const load = cookieName(request, COOKIE) === COOKIE ? plain! : host!;
      let loaded = false;
      void load(request, response, (error?: unknown) => {
        // It calls again where it could not save or touch the session at the end: the answer has left by then.
        if (loaded) return;
        loaded = true;
        // express-session goes on without a session while its store says that it is disconnected.
        if (error !== undefined) return next(error);
        if (request.session === undefined)
          return next(new StoreError('The session store is disconnected; the request can be tried again'));
        this.#keepTime(request.session);
        next();
      });
    };
    this.#stopListening = options.variant === 'hardened' ? followDirectory(options, 'reconnect-required') : () => {};
  }

  /** For HTTP: a session that was revoked, or is past its absolute end, serves no request (hardened). */
  readonly middleware: RequestHandler = (request, response, next) => {
    void this.load(request, response, (error?: unknown) => {
      if (error !== undefined) next(httpError(response, error));
      else void this.#serve(request, response, next);
    });
  };

  /** @throws AuthError as `SignIn` does */
  async signIn(request: Request, response: ServerResponse, username: string, password: string): Promise<void> {
    const hardened = this.#options.variant === 'hardened';
    const signedInAt = this.#options.clock.now();
    const { user, epoch } = await this.#signIn.userBy({ username, password }, signedInAt, request);
    if (hardened) {
      const code = await this.revocations.check({ subject: user.subject, roles: user.roles, epoch });
      if (code !== undefined && code !== 'roles-changed') throw new AuthError(code);
    }
    if (request.session.user !== undefined && hardened) {
      await this.#revoke(request.session.user, request.sessionID);
    }
    // A new id at every sign-in: one that was planted before is worth nothing after.
    await promisify(request.session.regenerate.bind(request.session))();
    this.#keepTime(request.session);
    if (request.session.cookie.secure) secureWhileWritten(request, response);
    const endsAt = wholeSecond(signedInAt + this.#options.lifetimes.absolute);
    request.session.user = { subject: user.subject, roles: user.roles, endsAt, epoch };
    // Now, and not once the answer has left: a sign-in that was not stored must not look like one.
    try {
      await promisify(request.session.save.bind(request.session))();
      const ended = await this.#limit.enter(principalOf(request.session.user, request.sessionID));
      if (ended !== undefined) throw new AuthError(ended);
    } catch (error) {
      // So it gets no cookie, and is not saved again.
      delete sessionOf(request).session;
      throw error;
    }
  }

  /** Ends the session of the request, and its connections (hardened), or all of its user's (hardened). */
  async signOut({ session: current, sessionID }: Request, everywhere: boolean): Promise<void> {
    const { report, clock } = this.#options;
    if (current.user !== undefined) report({ event: 'sign-out', at: clock.now(), subject: current.user.subject });
    const destroyed = promisify(current.destroy.bind(current));
    if (current.user === undefined || this.#options.variant === 'as-published') return destroyed();
    // Both, whichever of them fails.
    const { user } = current;
    const revoked = this.#revoke(user, everywhere ? undefined : sessionID);
    await Promise.all([revoked, destroyed()]);
  }

  /** The session as the store has it now; undefined where it is gone, and `expired` is thrown where it ran out. */
  async read(id: string): Promise<StoredSession | undefined> {
    const stored = await this.#get(id);
    if (!stored?.user) return undefined;
    const expires = stored.cookie.expires;
    const expiresAt = Math.min(expires ? new Date(expires).getTime() : Infinity, stored.user.endsAt);
    if (expiresAt <= this.#options.clock.now()) throw new AuthError('expired');
    return { user: stored.user, expiresAt };
  }

  /** Activity: moves the session's end, in the store alone, and answers it in ms since the epoch. */
  async touch(id: string, user: SessionUser): Promise<number> {
    const { clock, lifetimes } = this.#options;
    const stored = await this.#get(id);
    if (!stored) throw new AuthError('revoked');
    const expiresAt = Math.min(clock.now() + lifetimes.sessionIdle, user.endsAt);
    const cookie = Object.assign(stored.cookie, {
      originalMaxAge: lifetimes.sessionIdle,
      expires: new Date(expiresAt),
    });
    await promisify((done: (error: unknown) => void) => {
      if (this.#store.touch === undefined) done(null);
      else this.#store.touch(id, { ...stored, cookie }, done);
    })();
    return expiresAt;
  }

  /** The user's roles as the directory has them now. @throws AuthError `revoked` or `banned` */
  async rolesOf(subject: string): Promise<readonly string[]> {
    const user = await requireDirectory(this.#options).find(subject);
    if (user === undefined) throw new AuthError('revoked');
    if (user.banned) throw new AuthError('banned');
    // The directory of this node may not know yet what another node's has told the store.
    return (await this.revocations.rolesOf(subject)) ?? user.roles;
  }

  /** Last of all: while connections are told to move, whoever is banned is banned. */
  onApplicationShutdown(): void {
    this.#stopListening();
  }

  async #serve(request: Request, response: Response, next: (error?: unknown) => void): Promise<void> {
    const { session: current, sessionID } = request;
    const { user } = current;
    let over: boolean;
    try {
      over = user !== undefined && (await this.#isOver(user, sessionID));
    } catch (error) {
      return next(httpError(response, error));
    }
    if (!over) return next();
    current.regenerate((error) => {
      if (!error) this.#keepTime(request.session);
      next(error);
    });
  }

  /** A request moves the session's end by the shared clock: express-session itself would take this process's own. */
  #keepTime(current: Request['session']): void {
    const { clock, lifetimes } = this.#options;
    const touch = () => {
      const end = Math.min(clock.now() + lifetimes.sessionIdle, current.user?.endsAt ?? Infinity);
      // On a whole second, which is all that a cookie's Expires can say.
      current.cookie.expires = new Date(wholeSecond(end));
      // The setter above also computes originalMaxAge from the process's own time.
      current.cookie.originalMaxAge = lifetimes.sessionIdle;
      return current;
    };
    Object.defineProperty(current, 'touch', { value: touch, configurable: true });
  }

  async #isOver(user: SessionUser, id: string): Promise<boolean> {
    if (this.#options.variant === 'as-published') return false;
    if (user.endsAt <= this.#options.clock.now()) return true;
    const code = await this.revocations.check(principalOf(user, id));
    // The roles that a session was opened with do not count.
    return code !== undefined && code !== 'roles-changed';
  }

  /** Late is an error: whoever waits for this reading would wait for ever. */
  #get(id: string): Promise<SessionData | null | undefined> {
    const read = () =>
      new Promise<SessionData | null | undefined>((resolve, reject) => {
        this.#store.get(id, (error, stored) => {
          if (error) reject(error);
          else resolve(stored);
        });
      });
    return inTime(this.#options.clock, LONGEST_READ, read, () => {
      throw new Error('The session store did not answer in time');
    });
  }

  /** One session of a user, or all of them. */
  #revoke({ subject }: SessionUser, id?: string): Promise<void> {
    const { clock, lifetimes } = this.#options;
    const which = id === undefined ? {} : { sessionId: nameOf(id) };
    // No session that is open now lives past this, and no credential of another namespace.
    return this.revocations.publish({ code: 'revoked', subject, ...which }, clock.now() + longestCredential(lifetimes));
  }
}
