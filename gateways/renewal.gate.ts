import { Inject, Injectable, Logger } from '@nestjs/common';
import {
  Authenticator,
  type Grant,
  noticeOf,
  type RefusalCode,
  type RefusalNotice,
  type Verdict,
} from '../strategies/strategy.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { decisionWithin, nameOf } from './decision.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from './options.ts';

type RenewalAck = (answer: { grant: Grant } | { refused: RefusalNotice }) => void;

/** The one pair of auth events: `auth:grant` to the client, acknowledged; `auth:renew` from it, answered. */
@Injectable()
export class RenewalGate {
  readonly #logger = new Logger(RenewalGate.name);

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Connections) private readonly connections: Connections,
  ) {}

  attach(connection: Connection): void {
    const { socket } = connection;
    socket.on('auth:renew', (credential: unknown, ack: unknown) => {
      void this.#renew(connection, credential, typeof ack === 'function' ? (ack as RenewalAck) : () => {});
    });
    if (connection.admitted.grant !== undefined) this.#hand(connection, connection.admitted.grant);
  }

  /** Hands a grant over; who does not acknowledge it in time could not come back, and is cut now. */
  #hand(connection: Connection, grant: Grant): void {
    const { clock, decisionTimeout } = this.options;
    const cancel = clock.schedule(decisionTimeout, () => this.connections.cut(connection, 'grant-unacknowledged'));
    connection.socket.emit('auth:grant', grant, cancel);
    connection.socket.once('disconnect', cancel);
  }

  /** Never rejects. One renewal at a time: a second one meanwhile is told to retry. */
  async #renew(connection: Connection, credential: unknown, ack: RenewalAck): Promise<void> {
    if (connection.renewing) return ack({ refused: noticeOf('too-many-events') });
    connection.renewing = true;
    const outcome = await this.#ask(connection, credential);
    connection.renewing = false;
    if (typeof outcome !== 'string') return ack({ grant: outcome });
    this.connections.countRefusal(outcome);
    ack({ refused: noticeOf(outcome) });
    if (cuts(outcome)) this.connections.cut(connection, outcome);
  }

  /** What the client is handed, or the code of the refusal. */
  async #ask(connection: Connection, credential: unknown): Promise<Grant | RefusalCode> {
    const { authenticator } = this;
    const { clock, decisionTimeout } = this.options;
    if (authenticator.renew === undefined) return 'renewal-unsupported';
    const renew = authenticator.renew.bind(authenticator, connection, credential);
    try {
      return this.#settle(connection, await decisionWithin(clock, decisionTimeout, renew));
    } catch (error) {
      this.#logger.error(`The authenticator failed to renew: ${nameOf(error)}`);
      return 'unavailable';
    }
  }

  #settle(connection: Connection, verdict: Verdict): Grant | RefusalCode {
    if (!verdict.admitted) return verdict.code;
    if (verdict.principal.subject !== connection.principal?.subject) return 'subject-mismatch';
    if (connection.phase !== 'open') return 'revoked';
    this.connections.update(connection, verdict, true);
    return verdict.grant ?? {};
  }
}

/** Refusals of a renewal that end the connection: someone else's token, or one used twice. */
const cuts = (code: RefusalCode): boolean =>
  code === 'subject-mismatch' || code === 'token-reused' || code === 'revoked' || code === 'banned';
