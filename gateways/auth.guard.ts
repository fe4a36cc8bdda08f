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
    const verdict = this.authenticator.authorize(connection);
    return verdict instanceof Promise ? this.#settleLater(connection, verdict) : this.#settle(connection, verdict);
  }

  /** A kick is no barrier for what waits here: the connection may have closed meanwhile. */
  async #settleLater(connection: Connection, pending: Promise<Verdict>): Promise<boolean> {
    let verdict: Verdict;
    try {
      verdict = await pending;
    } catch {
      throw new RefusalException('unavailable');
    }
    if (connection.phase !== 'open') throw new RefusalException('revoked');
    return this.#settle(connection, verdict);
  }

  #settle(connection: Connection, verdict: Verdict): boolean {
    if (verdict.admitted) {
      if (verdict !== connection.admitted) this.#changed(connection, verdict);
      return true;
    }
    this.connections.countRefusal(verdict.code);
    const refusal = new RefusalException(verdict.code);
    if (refusals[verdict.code].action === 'stop') queueMicrotask(() => this.connections.cut(connection, verdict.code));
    throw refusal;
  }

  #changed(connection: Connection, verdict: Verdict & { admitted: true }): void {
    if (verdict.principal.subject !== connection.principal?.subject) throw new RefusalException('subject-mismatch');
    this.connections.update(connection, verdict);
  }
}
