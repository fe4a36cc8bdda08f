import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import { AuthError } from '../shared/errors.ts';
import { decisionOf } from '../shared/auth-decision.ts';
import {
  type AuthConnection,
  type Authenticator,
  type Handshake,
  nothingPresented,
  type RefusalCode,
  refused,
  type Refused,
  type Revocation,
  type StrategyOptions,
  type AuthDecision,
} from '../strategy.ts';
import { principalOf, sessionOf } from './session-user.ts';
import { hasSessionCookie, type Sessions } from './sessions.ts';

/** The request that opened the transport, with the session object that was loaded then. */
interface RequestState {
  readonly request: IncomingMessage;
}

/** Trusts the session object that the engine loaded with the transport's request. */
export class SessionAuthenticator implements Authenticator<RequestState> {
  readonly credentialInRequest = true;
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  upgradeMiddleware(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void {
    this.#sessions.load(request as Request, response as Response, next);
  }

  authenticate({ request }: Handshake): AuthDecision<RequestState> {
    const { session, sessionID } = sessionOf(request);
    if (session?.user === undefined || sessionID === undefined) return refusalOf(request);
    return { admitted: true, principal: principalOf(session.user, sessionID), state: { request } };
  }

  authorize({ admitted }: AuthConnection<RequestState>): AuthDecision<RequestState> {
    const session = admitted.state && sessionOf(admitted.state.request).session;
    return session?.user === undefined ? refused('unauthenticated') : admitted;
  }
}

/** The refusal of a request without a session. express-session gives an id to every request, also to one without a cookie. */
const refusalOf = (request: IncomingMessage): Refused =>
  hasSessionCookie(request) ? refused('unauthenticated') : nothingPresented;

interface ReadState {
  readonly id: string;
  /** When the store was asked last, in ms since the epoch. */
  readonly readAt: number;
  /** The one reading under way, however many messages wait for it. */
  reading?: Promise<AuthDecision<ReadState>>;
}

/** How long messages share one reading, in ms. */
const LONGEST_READ = 5000;

/** Reads the session from its store again once it is stale, and moves its end there: messages are activity. */
export class HardenedSessionAuthenticator implements Authenticator<ReadState> {
  readonly credentialInRequest = true;
  readonly #sessions: Sessions;
  readonly #options: StrategyOptions;

  constructor(sessions: Sessions, options: StrategyOptions) {
    this.#sessions = sessions;
    this.#options = options;
  }

  /** Only the id is kept: the session object would live as long as the connection, and is never asked again. */
  upgradeMiddleware(request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void): void {
    this.#sessions.load(request as Request, response as Response, (error?: unknown) => {
      delete (request as Partial<Request>).session;
      next(error);
    });
  }

  /** Asks the store and not the transport's request: a transport may outlive the session that opened it. */
  async authenticate({ request }: Handshake): Promise<AuthDecision<ReadState>> {
    const { sessionID } = sessionOf(request);
    if (sessionID === undefined) return refusalOf(request);
    const decision = await decisionOf(() => this.#read(sessionID));
    return !decision.admitted && decision.code === 'unauthenticated' ? refusalOf(request) : decision;
  }

  authorize({ admitted }: AuthConnection<ReadState>): AuthDecision<ReadState> | Promise<AuthDecision<ReadState>> {
    const { state, cutAt = 0 } = admitted;
    if (state === undefined) return refused('unauthenticated');
    const now = this.#options.clock.now();
    if (now < state.readAt + this.#options.lifetimes.sessionStaleness && now < cutAt) return admitted;
    const gone = now < cutAt ? 'revoked' : 'expired';
    return (state.reading ??= this.#readOnce(state, gone));
  }

  /** Other connections of the session, other nodes and HTTP requests have moved its end, if anyone has. */
  reconsider({ admitted }: AuthConnection<ReadState>): Promise<AuthDecision<ReadState>> {
    const { state } = admitted;
    return decisionOf(async () =>
      state === undefined ? refused('unauthenticated') : this.#read(state.id, 'expired', false),
    );
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.#sessions.revocations.onRevoked(listener);
  }

  /** Late, it is shared no longer: a message must not wait for what may never come. */
  #readOnce(state: ReadState, gone: RefusalCode): Promise<AuthDecision<ReadState>> {
    const forget = () => delete state.reading;
    const cancel = this.#options.clock.schedule(LONGEST_READ, forget);
    return decisionOf(() => this.#read(state.id, gone)).finally(() => (cancel(), forget()));
  }

  /** `gone` is the code where there is no such session any more; an `active` reading moves the session's end. */
  async #read(id: string, gone: RefusalCode = 'unauthenticated', active = true): Promise<AuthDecision<ReadState>> {
    const readAt = this.#options.clock.now();
    const stored = await this.#sessions.read(id);
    if (stored === undefined) throw new AuthError(gone);
    const roles = await this.#sessions.rolesOf(stored.user.subject);
    const principal = { ...principalOf(stored.user, id), roles };
    const code = await this.#sessions.revocations.check(principal);
    // Its roles changed in this moment; the session goes on with the new ones.
    if (code === 'roles-changed') throw new AuthError('reconnect-required');
    if (code !== undefined) throw new AuthError(code);
    const cutAt = active ? await this.#sessions.touch(id, stored.user) : stored.expiresAt;
    return { admitted: true, principal, cutAt, state: { id, readAt } };
  }
}
