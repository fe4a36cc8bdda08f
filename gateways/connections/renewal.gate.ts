import { Inject, Injectable } from '@nestjs/common';
import { codeOf } from '../../strategies/shared/errors.ts';
import { SessionLimit } from '../../strategies/shared/accounts/session-limit.ts';
import {
  type AuthDecision,
  endsConnection,
  type IssuedCredential,
  noticeOf,
  refused,
} from '../../strategies/strategy.ts';
import { logFailure } from '../log/bounded-log.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { type CredentialAck, onCredential, type Outcome } from './credential-event.ts';
import { Decisions } from './decisions.ts';

const FAILED = 'The authenticator failed to renew';

/** The one pair of auth events: `auth:credential` to the client, acknowledged; `auth:renew` from it, answered. */
@Injectable()
export class RenewalGate {
  readonly #decisions: Decisions;
  readonly #sessions: SessionLimit;

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Connections) private readonly connections: Connections,
  ) {
    this.#decisions = new Decisions(options, RenewalGate.name, FAILED);
    this.#sessions = new SessionLimit(options);
  }

  attach(connection: Connection): void {
    const { socket } = connection;
    onCredential(socket, 'auth:renew', (credential, ack) => this.#renew(connection, credential, ack));
    const { issued } = connection;
    connection.issued = undefined;
    if (issued !== undefined) this.#hand(connection, issued);
  }

  /** Hands an issued credential over. A client that does not acknowledge it in time could not come back, so it is cut now. */
  #hand(connection: Connection, issued: IssuedCredential): void {
    const { clock, decisionTimeout } = this.options;
    const { socket } = connection;
    const cancel = clock.schedule(decisionTimeout, () => this.connections.cut(connection, 'credential-unacknowledged'));
    const over = (): void => {
      cancel();
      socket.off('disconnect', over);
    };
    socket.emit('auth:credential', issued, over);
    socket.once('disconnect', over);
  }

  /** Never rejects. One renewal at a time: a second one meanwhile is told to retry. */
  async #renew(connection: Connection, credential: unknown, ack: CredentialAck): Promise<void> {
    if (connection.renewing) return ack({ refused: noticeOf('too-many-events') });
    connection.renewing = true;
    const { code, issued = {} } = await this.#ask(connection, credential);
    connection.renewing = false;
    // Other roles take another connection, which the issued credential opens.
    if (code === undefined || code === 'reconnect-required') {
      this.connections.renewed(connection);
      ack({ credential: issued });
    } else {
      this.connections.refused('renewal', code, connection);
      ack({ refused: noticeOf(code) });
    }
    if (code !== undefined && endsConnection(code, 'renewal')) this.connections.cut(connection, code);
    else this.connections.resume(connection);
  }

  async #ask(connection: Connection, credential: unknown): Promise<Outcome> {
    const { authenticator } = connection;
    if (connection.isGuest) return { code: 'unauthenticated' };
    if (authenticator.renew === undefined) return { code: 'renewal-unsupported' };
    const ask = authenticator.renew.bind(authenticator, connection, credential);
    const renew = async (): Promise<AuthDecision> => {
      const { principal } = connection.admitted;
      const decision = await ask();
      if (!decision.admitted || decision.principal.subject !== principal.subject) return decision;
      const ended = await this.#sessions.enter(decision.principal, decision.cutAt, principal);
      return ended === undefined ? decision : refused(ended);
    };
    const decision = await this.#decisions.ask(
      { emitter: connection.socket, leaves: 'disconnect' },
      'revoked',
      // A token must not be spent for a client that left while it waited.
      () => (connection.phase === 'open' ? renew() : refused('revoked')),
    );
    try {
      return this.#settle(connection, decision);
    } catch (error) {
      logFailure(RenewalGate.name, FAILED, error);
      return { code: 'unavailable' };
    }
  }

  #settle(connection: Connection, decision: AuthDecision): Outcome {
    if (!decision.admitted) return { code: codeOf(decision.code) };
    if (connection.phase !== 'open') return { code: 'revoked' };
    return { code: this.connections.update(connection, decision), issued: decision.issued };
  }
}
