import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Request, Response } from 'express';
import { sessionHolder } from '../shared/access-tokens/verifier.ts';
import { decisionOf } from '../shared/auth-decision.ts';
import type { SessionHolder } from '../shared/contract/external-session.ts';
import { inTime } from '../shared/in-time.ts';
import { passed } from '../shared/passed.ts';
import { nameOf } from '../shared/secret.ts';
import {
  type AuthConnection,
  type AuthDecision,
  type Authenticator,
  type ExternalSession,
  type Handshake,
  nothingPresented,
  refused,
  type Refused,
  type Revocation,
  type StrategyOptions,
} from '../strategy.ts';

interface LoadedState {
  /** The request that opened the connection. It has the cookie. */
  readonly request: IncomingMessage;
  /** When the session was last loaded, in ms since the epoch. */
  readonly loadedAt: number;
  /** The load under way. All messages that wait share it. */
  loading?: Promise<AuthDecision<LoadedState>>;
}

/** How long the middleware and `user` may take together, in ms. */
const LONGEST_LOAD = 5000;
const RECHECK = 30_000;

/**
 * Loads an application's session through its own middleware: at CONNECT, at a message if the last load is too old, and at
 * intervals on a connection that sends nothing. It never saves or touches a session.
 */
export class ExternalSessionAuthenticator implements Authenticator<LoadedState> {
  readonly credentialInRequest = true;
  readonly #options: StrategyOptions;
  readonly #session: ExternalSession;

  constructor(options: StrategyOptions, session: ExternalSession) {
    this.#options = options;
    this.#session = session;
  }

  authenticate({ request }: Handshake): Promise<AuthDecision<LoadedState>> {
    return decisionOf(() => this.#load(request, nothingPresented));
  }

  authorize({ admitted }: AuthConnection<LoadedState>): AuthDecision<LoadedState> | Promise<AuthDecision<LoadedState>> {
    const { state } = admitted;
    if (state === undefined) return refused('unauthenticated');
    const { clock, lifetimes } = this.#options;
    if (clock.now() < state.loadedAt + lifetimes.sessionStaleness) return admitted;
    return (state.loading ??= decisionOf(() => this.#load(state.request, refused('revoked'))).finally(
      () => delete state.loading,
    ));
  }

  reconsider({ admitted: { state } }: AuthConnection<LoadedState>): Promise<AuthDecision<LoadedState>> {
    return decisionOf(async () =>
      state === undefined ? refused('unauthenticated') : this.#load(state.request, refused('revoked')),
    );
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.#options.stores.revocations.onRevoked(listener);
  }

  /** `gone` is the refusal if nobody is signed in. */
  async #load(opened: IncomingMessage, gone: Refused): Promise<AuthDecision<LoadedState>> {
    const { clock } = this.#options;
    const { recheck = RECHECK } = this.#session;
    const loadedAt = clock.now();
    const request = unread(opened);
    const found = await inTime(clock, LONGEST_LOAD, () => this.#userOf(request));
    if (found == null) return gone;
    const read = sessionHolder(found);
    if (read === undefined)
      throw new Error(
        'session.user must return undefined, or an object with a subject of 1 to 256 characters, and roles if there are any',
      );
    const { subject, roles = [] } = read;
    // express-session writes it on the request, and @fastify/session on the session.
    const id: unknown = request.sessionID ?? (request.session as { sessionId?: unknown } | undefined)?.sessionId;
    return {
      admitted: true,
      principal: { subject, roles, ...(typeof id === 'string' && { sessionId: nameOf(id) }) },
      cutAt: loadedAt + recheck,
      state: { request: opened, loadedAt },
    };
  }

  async #userOf(request: Request): Promise<SessionHolder | null | undefined> {
    const { middleware } = this.#session;
    // express-session saves and touches a session when the response ends. This response never ends.
    const response = new ServerResponse(request) as Response;
    for (const one of [middleware].flat()) await passed((next) => one(request, response, next));
    return this.#session.user(request);
  }
}

/** Hides what middleware wrote on the request before: it would not load the session again. */
const unread = (request: IncomingMessage): Request =>
  Object.create(request, { session: absent, sessionID: absent, user: absent }) as Request;
const absent = { value: undefined, writable: true, configurable: true, enumerable: true };
