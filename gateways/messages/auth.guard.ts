import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { codeOf } from '../../strategies/shared/errors.ts';
import { type AuthDecision, endsConnection, type RefusalCode } from '../../strategies/strategy.ts';
import { logFailure } from '../log/bounded-log.ts';
import type { Connection } from '../connections/connection.ts';
import { Connections } from '../connections/connections.ts';
import { decisionWithin } from '../connections/decisions.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import { RefusalException } from '../refusal.exception.ts';
import { isPublic } from './public.ts';

/**
 * Asks the authenticator before every message: true, or it throws. A guest may use the handlers that are `@Public()`, and
 * nobody is asked about it.
 */
@Injectable()
export class AuthGuard {
  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Connections) private readonly connections: Connections,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const connection = this.connections.of(context.switchToWs().getClient<Socket>());
    if (connection?.phase !== 'open') throw this.#refusal('unauthenticated', connection);
    if (connection.isGuest) {
      if (isPublic(context.getHandler())) return true;
      // Its connection stays open, so that it can sign in.
      throw this.#refusal('unauthenticated', connection);
    }
    try {
      const decision = connection.authenticator.authorize(connection);
      return decision instanceof Promise ? this.#settleLater(connection, decision) : this.#settle(connection, decision);
    } catch (error) {
      throw this.#failure(connection, error);
    }
  }

  /** A kick is no barrier for what waits here: the connection may have closed meanwhile. */
  async #settleLater(connection: Connection, pending: Promise<AuthDecision>): Promise<boolean> {
    const { admitted } = connection;
    const { clock, decisionTimeout } = this.options;
    try {
      const decision = await decisionWithin(clock, decisionTimeout, () => pending);
      if (connection.phase !== 'open') throw this.#refusal('revoked', connection);
      // A renewal meanwhile knows better than a decision that began before it.
      if (decision.admitted && connection.admitted !== admitted) return this.#settle(connection, connection.admitted);
      return this.#settle(connection, decision);
    } catch (error) {
      throw this.#failure(connection, error);
    }
  }

  #settle(connection: Connection, decision: AuthDecision): boolean {
    const code = this.#codeOf(connection, decision);
    if (code === undefined) return true;
    // After this turn, in which the filter answers the ack.
    if (endsConnection(code, 'message')) setImmediate(() => this.connections.cut(connection, code));
    throw this.#refusal(code, connection);
  }

  #codeOf(connection: Connection, decision: AuthDecision): RefusalCode | undefined {
    if (!decision.admitted) return codeOf(decision.code);
    const code = decision === connection.admitted ? undefined : this.connections.update(connection, decision);
    return code ?? (connection.cutAt <= this.options.clock.now() ? 'expired' : undefined);
  }

  #refusal(code: RefusalCode, connection: Connection | undefined): RefusalException {
    this.connections.refused('message', code, connection ?? {});
    return new RefusalException(code);
  }

  /** An authenticator that cannot decide, or decides on something impossible, refuses. */
  #failure(connection: Connection, error: unknown): RefusalException {
    if (error instanceof RefusalException) return error;
    logFailure(AuthGuard.name, 'The authenticator failed to authorize', error);
    return this.#refusal('unavailable', connection);
  }
}
