import { Inject, Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { codeOf } from '../../strategies/shared/errors.ts';
import { SessionLimit } from '../../strategies/shared/session-limit.ts';
import { type Admitted, type AuthDecision, type RefusalCode, refused } from '../../strategies/strategy.ts';
import type { Connection } from '../connections/connection.ts';
import { Connections } from '../connections/connections.ts';
import { Decisions } from '../connections/decisions.ts';
import { logFailure } from '../log/bounded-log.ts';
import { exceeds } from '../options/limits.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import type { Transport } from '../transport/transport.ts';
import { Transports } from '../transport/transports.ts';

const FAILED = 'The authenticator failed';

/** Asks the strategy about a CONNECT, and registers a connection for whom it admits. */
@Injectable()
export class Admission {
  readonly #decisions: Decisions;
  readonly #sessions: SessionLimit;

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Connections) private readonly connections: Connections,
    @Inject(Transports) private readonly transports: Transports,
  ) {
    this.#decisions = new Decisions(options, Admission.name, FAILED);
    this.#sessions = new SessionLimit(options);
  }

  /** The code of the refusal, or undefined: admitted. A failure is `unavailable`. */
  async codeFor(socket: Socket, transport: Transport): Promise<RefusalCode | undefined> {
    const connection = this.connections.begin(socket, this.transports.clientOf(socket.request));
    transport.enter(connection);
    let code: RefusalCode | undefined;
    try {
      const decision = await this.#decide(connection);
      code = decision.admitted ? this.#admit(connection, transport, decision) : codeOf(decision.code);
    } catch (error) {
      logFailure(Admission.name, FAILED, error);
      code = 'unavailable';
    }
    if (code !== undefined) this.release(connection, transport);
    return code;
  }

  /** Keeps nothing of a CONNECT that is over: its socket holds whatever the client sent as `auth`. */
  release(connection: Connection, transport: Transport): void {
    this.connections.release(connection);
    transport.leave(connection);
  }

  /** Nobody is asked about a CONNECT whose transport closes while it waits for its turn. */
  #decide(connection: Connection): Promise<AuthDecision> {
    const { conn } = connection.socket;
    return this.#decisions.ask({ emitter: conn, leaves: 'close' }, 'failed', () => this.#ask(connection));
  }

  async #ask({ authenticator, socket }: Connection): Promise<AuthDecision> {
    const { loadUser } = this.options;
    const { nsp, handshake, request, data } = socket;
    const decision = await authenticator.authenticate({ auth: handshake.auth, request, namespace: nsp.name });
    if (!decision.admitted) return decision;
    const ended = await this.#sessions.enter(decision.principal, decision.cutAt);
    if (ended !== undefined) return refused(ended);
    if (loadUser !== undefined) data.user = await loadUser(decision.principal);
    return decision;
  }

  #admit(connection: Connection, transport: Transport, decision: Admitted): RefusalCode | undefined {
    const { subject } = decision.principal;
    if ((transport.subject ?? subject) !== subject) return 'subject-mismatch';
    if (exceeds(this.connections.ofSubject(subject) + 1, this.options.limits.connectionsPerUser)) {
      return 'too-many-connections';
    }
    connection.admit(decision);
    connection.issued = decision.issued;
    if (connection.phase === 'closed') return 'failed';
    if (connection.cutAt <= this.options.clock.now()) return 'expired';
    transport.subject = subject;
    this.connections.claim(connection, subject);
    return this.connections.endedMeanwhile(connection);
  }
}
