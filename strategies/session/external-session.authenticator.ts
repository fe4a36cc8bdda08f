import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { decisionOf } from '../shared/auth-decision.ts';
import { AuthError } from '../shared/errors.ts';
import { inTime } from '../shared/in-time.ts';
import {
  type AuthConnection,
  type AuthDecision,
  type Authenticator,
  type ExternalSession,
  type Handshake,
  type RefusalCode,
  refused,
  type Revocation,
  type StrategyOptions,
} from '../strategy.ts';
import { sessionName } from './session-user.ts';

interface LoadedState {
  /** Has the cookie. */
  readonly request: IncomingMessage;
  /** When the session was loaded last, in ms since the epoch. */
  readonly loadedAt: number;
  /** The one loading under way, however many messages wait for it. */
  loading?: Promise<AuthDecision<LoadedState>>;
}

/** How long the middleware may take, in ms. */
const LONGEST_LOAD = 5000;
const RECHECK = 30_000;

const holder = z
  .object({ subject: z.string().min(1).max(256), roles: z.array(z.string().max(256)).max(256).default([]) })
  .optional();

/**
 * Loads an application's own session by its own middleware: at CONNECT, for a message once it was loaded too long ago, and now and
 * then for a connection that sends nothing. It never saves or touches a session.
 */
export class ExternalSessionAuthenticator implements Authenticator<LoadedState> {
  readonly #options: StrategyOptions;
  readonly #session: ExternalSession;

  constructor(options: StrategyOptions, session: ExternalSession) {
    this.#options = options;
    this.#session = session;
  }

  authenticate({ request }: Handshake): Promise<AuthDecision<LoadedState>> {
    return decisionOf(() => this.#load(request, 'unauthenticated'));
  }

  authorize({ admitted }: AuthConnection<LoadedState>): AuthDecision<LoadedState> | Promise<AuthDecision<LoadedState>> {
    const { state } = admitted;
    if (state === undefined) return refused('unauthenticated');
    const { clock, lifetimes } = this.#options;
    if (clock.now() < state.loadedAt + lifetimes.sessionStaleness) return admitted;
    return (state.loading ??= decisionOf(() => this.#load(state.request, 'revoked')).finally(
      () => delete state.loading,
    ));
  }

  reconsider({ admitted: { state } }: AuthConnection<LoadedState>): Promise<AuthDecision<LoadedState>> {
    return decisionOf(async () =>
      state === undefined ? refused('unauthenticated') : this.#load(state.request, 'revoked'),
    );
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.#options.stores.revocations.onRevoked(listener);
  }

  /** `gone` is the code where nobody is signed in. */
  async #load(opened: IncomingMessage, gone: RefusalCode): Promise<AuthDecision<LoadedState>> {
    const { clock } = this.#options;
    const { recheck = RECHECK } = this.#session;
    const loadedAt = clock.now();
    const request = unread(opened);
    await inTime(clock, LONGEST_LOAD, () => this.#run(request));
    const found = holder.parse(await this.#session.user(request));
    if (found === undefined) throw new AuthError(gone);
    const { subject, roles } = found;
    const id: unknown = request.sessionID;
    return {
      admitted: true,
      principal: { subject, roles, ...(typeof id === 'string' && { sessionId: sessionName(id) }) },
      cutAt: loadedAt + recheck,
      state: { request: opened, loadedAt },
    };
  }

  async #run(request: Request): Promise<void> {
    const { middleware } = this.#session;
    // It is never answered, and so nothing is saved or touched once it has been.
    const response = new ServerResponse(request) as Response;
    for (const one of typeof middleware === 'function' ? [middleware] : middleware)
      await passed(one, request, response);
  }
}

/** What earlier middleware wrote on a request is not there: it would not look again. */
const unread = (request: IncomingMessage): Request =>
  Object.create(request, {
    session: { value: undefined, writable: true, configurable: true, enumerable: true },
    sessionID: { value: undefined, writable: true, configurable: true, enumerable: true },
    user: { value: undefined, writable: true, configurable: true, enumerable: true },
  }) as Request;

const passed = (middleware: RequestHandler, request: Request, response: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    const next = (error?: unknown): void => (error === undefined || error === null ? resolve() : reject(error));
    Promise.resolve(middleware(request, response, next)).catch(reject);
  });
