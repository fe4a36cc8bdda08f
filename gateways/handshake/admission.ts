import { Inject, Injectable } from '@nestjs/common';
import type { Namespace, Socket } from 'socket.io';
import { codeOf } from '../../strategies/shared/errors.ts';
import { SessionLimit } from '../../strategies/shared/accounts/session-limit.ts';
import { type Admitted, type AuthDecision, type RefusalCode, refused } from '../../strategies/strategy.ts';
import type { Connection } from '../connections/connection.ts';
import { Connections } from '../connections/connections.ts';
import type { Outcome } from '../connections/credential-event.ts';
import { Decisions } from '../connections/decisions.ts';
import { logFailure } from '../log/bounded-log.ts';
import { exceeds } from '../options/limits.ts';
import { newGuest } from '../principal.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import type { Transport } from '../transport/transport.ts';
import { Transports } from '../transport/transports.ts';

const FAILED = 'The authenticator failed';

/** The decision of the strategy, and what `loadUser` loaded for a user who is let in. */
interface Decided {
  readonly decision: AuthDecision;
  readonly user: unknown;
}

/** Asks the strategy about a CONNECT or a sign-in, and registers a connection for whom it admits. */
@Injectable()
export class Admission {
  readonly #decisions: Decisions;
  readonly #public = new WeakSet<Namespace>();
  readonly #sessions: SessionLimit;

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Connections) private readonly connections: Connections,
    @Inject(Transports) private readonly transports: Transports,
  ) {
    this.#decisions = new Decisions(options, Admission.name, FAILED);
    this.#sessions = new SessionLimit(options);
  }

  /** Lets guests into a namespace: clients that present no credential. */
  admitGuests(namespace: Namespace): void {
    this.#public.add(namespace);
  }

  /** The code of the refusal, or undefined: admitted. A failure is `unavailable`. */
  async codeFor(socket: Socket, transport: Transport): Promise<RefusalCode | undefined> {
    const connection = this.connections.begin(socket, this.transports.clientOf(socket.request));
    transport.enter(connection);
    connection.siblings = transport.namespaces;
    const { code } = await this.#settled(() => this.#connect(connection, transport));
    if (code !== undefined) this.release(connection, transport);
    return code;
  }

  /**
   * Decides on the credential of a guest as on that of a CONNECT. Without a code in the answer, the connection is that user's.
   * It never rejects.
   */
  async signIn(connection: Connection, transport: Transport, auth: Record<string, unknown>): Promise<Outcome> {
    this.connections.beginSignIn(connection);
    const outcome = await this.#settled(() => this.#signIn(connection, transport, auth));
    this.connections.endSignIn(connection);
    return outcome;
  }

  /** Keeps nothing of a CONNECT that is over: its socket holds whatever the client sent as `auth`. */
  release(connection: Connection, transport: Transport): void {
    this.connections.release(connection);
    transport.leave(connection);
  }

  async #settled(decide: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await decide();
    } catch (error) {
      logFailure(Admission.name, FAILED, error);
      return { code: 'unavailable' };
    }
  }

  async #connect(connection: Connection, transport: Transport): Promise<Outcome> {
    const { conn, data, handshake, nsp } = connection.socket;
    // Nobody is asked about a CONNECT whose transport closes while it waits for its turn.
    const leaving = { emitter: conn, leaves: 'close' };
    const { decision, user } = await this.#decide(connection, handshake.auth, leaving, 'failed');
    const isGuest = !decision.admitted && decision.nothingPresented === true && this.#public.has(nsp);
    const admitted = isGuest ? this.#guest() : decision;
    if (!admitted.admitted) return { code: codeOf(admitted.code) };
    const code = isGuest ? this.#limitOfGuests() : this.#limitOf(transport, admitted);
    if (code !== undefined) return { code };
    connection.admit(admitted);
    connection.issued = admitted.issued;
    if (connection.phase === 'closed') return { code: 'failed' };
    if (connection.cutAt <= this.options.clock.now()) return { code: 'expired' };
    if (!isGuest) this.#belongsTo(admitted, transport, data, user);
    this.connections.claim(connection, admitted.principal.subject);
    const ended = this.connections.endedMeanwhile(connection);
    return ended === undefined ? {} : { code: ended };
  }

  async #signIn(connection: Connection, transport: Transport, auth: Record<string, unknown>): Promise<Outcome> {
    const { socket } = connection;
    const leaving = { emitter: socket, leaves: 'disconnect' };
    const { decision, user } = await this.#decide(connection, auth, leaving, 'revoked');
    if (!decision.admitted) return { code: codeOf(decision.code) };
    if (connection.phase !== 'open') return { code: 'revoked' };
    const { issued, ...admitted } = decision;
    const code = this.#limitOf(transport, admitted) ?? this.connections.endedMeanwhile(connection, admitted.principal);
    if (code !== undefined) return { code };
    if ((admitted.cutAt ?? Infinity) <= this.options.clock.now()) return { code: 'expired' };
    this.connections.endSignIn(connection, admitted);
    this.#belongsTo(admitted, transport, socket.data, user);
    return { issued };
  }

  async #decide(
    { authenticator, socket }: Connection,
    auth: Record<string, unknown>,
    leaving: Parameters<Decisions['ask']>[0],
    left: RefusalCode,
  ): Promise<Decided> {
    const { loadUser } = this.options;
    const { nsp, request } = socket;
    let user: unknown;
    const decision = await this.#decisions.ask(leaving, left, async () => {
      const decided = await authenticator.authenticate({ auth, request, namespace: nsp.name });
      if (!decided.admitted) return decided;
      const ended = await this.#sessions.enter(decided.principal, decided.cutAt);
      if (ended !== undefined) return refused(ended);
      if (loadUser !== undefined) user = await loadUser(decided.principal);
      return decided;
    });
    return { decision, user };
  }

  #guest(): Admitted {
    const { guestLifetime } = this.options.limits;
    const cutAt = guestLifetime === false ? {} : { cutAt: this.options.clock.now() + guestLifetime };
    return { admitted: true, principal: newGuest(), ...cutAt };
  }

  #limitOfGuests(): RefusalCode | undefined {
    return exceeds(this.connections.guests + 1, this.options.limits.guests) ? 'too-many-connections' : undefined;
  }

  /** A transport belongs to one user. Guests may be on it too. */
  #limitOf(transport: Transport, { principal: { subject } }: Admitted): RefusalCode | undefined {
    if ((transport.subject ?? subject) !== subject) return 'subject-mismatch';
    const ofUser = this.connections.ofSubject(subject) + 1;
    return exceeds(ofUser, this.options.limits.connectionsPerUser) ? 'too-many-connections' : undefined;
  }

  #belongsTo({ principal }: Admitted, transport: Transport, data: { user?: unknown }, user: unknown): void {
    transport.subject = principal.subject;
    if (this.options.loadUser !== undefined) data.user = user;
  }
}
