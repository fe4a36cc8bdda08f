import { Inject, Injectable } from '@nestjs/common';
import { codeOf } from '../../strategies/shared/errors.ts';
import { SessionLimit } from '../../strategies/shared/accounts/session-limit.ts';
import {
  type AuthDecision,
  endsConnection,
  type IssuedCredential,
  noticeOf,
  type RefusalCode,
  type RefusalNotice,
  refused,
} from '../../strategies/strategy.ts';
import { logFailure } from '../log/bounded-log.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { Decisions } from './decisions.ts';

const FAILED = 'The authenticator failed to renew';

type RenewalAck = (answer: { credential: IssuedCredential } | { refused: RefusalNotice }) => void;

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
    // Without a credential the ack comes in its place; no credential is a function.
    socket.on('auth:renew', (...args: unknown[]) => {
      const ack = args.at(-1);
      const credential = typeof args[0] === 'function' ? undefined : args[0];
      void this.#renew(connection, credential, typeof ack === 'function' ? (ack as RenewalAck) : () => {});
    });
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
  async #renew(connection: Connection, credential: unknown, ack: RenewalAck): Promise<void> {
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

/** What the client is handed, and the code of a refusal; either may be missing. */
interface Outcome {
  readonly code?: RefusalCode | undefined;
  readonly issued?: IssuedCredential | undefined;
}
