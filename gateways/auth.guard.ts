import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { Authenticator, refusals, type Verdict } from '../strategies/strategy.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from './options.ts';
import { RefusalException } from './refusal.exception.ts';

/**
 * Asks the authenticator before every message, on whatever gateway: it is bound as APP_GUARD.
 * HTTP requests pass; they are not its business.
 */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Connections) private readonly connections: Connections,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (context.getType() !== 'ws') return true;
    const connection = this.connections.of(context.switchToWs().getClient<Socket>());
    if (connection?.phase !== 'open') throw new RefusalException('unauthenticated');
    if (connection.cutAt <= this.options.clock.now()) throw new RefusalException('expired');
    try {
      const verdict = this.authenticator.authorize(connection);
      return verdict instanceof Promise ? this.#settleLater(connection, verdict) : this.#settle(connection, verdict);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** A kick is no barrier for what waits here: the connection may have closed meanwhile. */
  async #settleLater(connection: Connection, pending: Promise<Verdict>): Promise<boolean> {
    try {
      const verdict = await pending;
      if (connection.phase !== 'open') throw new RefusalException('revoked');
      return this.#settle(connection, verdict);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  #settle(connection: Connection, verdict: Verdict): boolean {
    if (verdict.admitted) {
      if (verdict !== connection.admitted) this.#changed(connection, verdict);
      return true;
    }
    this.connections.countRefusal(verdict.code);
    // After this turn, in which the filter answers the ack.
    if (refusals[verdict.code].action === 'stop') setImmediate(() => this.connections.cut(connection, verdict.code));
    throw new RefusalException(verdict.code);
  }

  #changed(connection: Connection, verdict: Verdict & { admitted: true }): void {
    if (verdict.principal.subject !== connection.principal?.subject) throw new RefusalException('subject-mismatch');
    this.connections.update(connection, verdict);
  }
}

/** An authenticator that cannot decide, or decides on something impossible, refuses. */
const refusalOf = (error: unknown): RefusalException =>
  error instanceof RefusalException ? error : new RefusalException('unavailable');
