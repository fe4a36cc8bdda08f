import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Namespace, Socket } from 'socket.io';
import { ConcurrencyLimiter } from '../../strategies/shared/concurrency-limiter.ts';
import { Authenticator, noticeOf, type RefusalCode, refused, type AuthDecision } from '../../strategies/strategy.ts';
import type { Connection } from '../connections/connection.ts';
import { Connections } from '../connections/connections.ts';
import { logFailure } from '../log/bounded-log.ts';
import { codeOf, decisionWithin, until } from '../connections/decision.ts';
import { limitEvents } from '../messages/event-gate.ts';
import { NetworkBudgets } from '../limits/network-budgets.ts';
import { holdsMoreThan } from '../limits/held-values.ts';
import { exceeds } from '../options/limits.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';
import { RenewalGate } from '../connections/renewal.gate.ts';
import type { Transport } from '../transport/transport.ts';
import { Transports } from '../transport/transports.ts';

/** CONNECTs that are decided on at a time, and those that may wait; more are refused as `unavailable`. */
const CONNECTS = { atOnce: 64, waiting: 10_000 };
/** How many seconds' worth of events may come at once from a network: a room multiplies each event by its members. */
const EVENT_BURST_SECONDS = 0.5;
/** An `auth` payload may hold one value for each so many bytes of the largest CONNECT. */
const BYTES_PER_VALUE = 32;

/**
 * Stands before every namespace and decides each CONNECT before it is accepted. A namespace is closed until a
 * gateway opens it, and a decision that cannot be had is a refusal.
 */
@Injectable()
export class HandshakeGate {
  readonly #decisions = new ConcurrencyLimiter(CONNECTS);
  readonly #networks: NetworkBudgets | undefined;
  readonly #guarded = new WeakSet<Namespace>();
  readonly #opened = new Set<string>();
  readonly #unreadable = new WeakSet<IncomingMessage>();

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Connections) private readonly connections: Connections,
    @Inject(Transports) private readonly transports: Transports,
    @Inject(RenewalGate) private readonly renewal: RenewalGate,
  ) {
    const { eventsPerSecondPerAddress } = options.limits;
    if (eventsPerSecondPerAddress !== false) {
      this.#networks = new NetworkBudgets(eventsPerSecondPerAddress, EVENT_BURST_SECONDS);
    }
  }

  /** Installs the decision on a namespace, once; it stays closed. Before any other listener of the namespace. */
  guard(namespace: Namespace): void {
    if (this.#guarded.has(namespace)) return;
    this.#guarded.add(namespace);
    namespace.use((socket, next) => {
      void this.#decide(socket)
        .catch((error): RefusalCode => {
          logFailure(HandshakeGate.name, 'A CONNECT could not be decided', error);
          return 'unavailable';
        })
        .then((code) => next(code && this.#refusal(code, socket)));
    });
    namespace.on('connection', (socket) => this.#joined(socket));
  }

  /** The request that opened a transport could not be read: whatever it says now is not known. */
  unreadable(request: IncomingMessage): void {
    this.#unreadable.add(request);
  }

  /** Lets authenticated clients into a namespace. Idempotent: each gateway of the namespace calls it. */
  open(namespace: Namespace): void {
    this.guard(namespace);
    this.#opened.add(namespace.name);
  }

  /** The code of the refusal, or undefined: admitted. Never rejects. */
  async #decide(socket: Socket): Promise<RefusalCode | undefined> {
    const transport = this.transports.of(socket.conn);
    const early = this.#refuseEarly(socket, transport);
    if (early !== undefined) return early;
    // Its close was told already, and nothing would ever release what begins now.
    if (socket.conn.readyState === 'closed') return 'failed';
    const connection = this.connections.begin(socket, this.transports.clientOf(socket.request));
    transport.namespaces.set(socket.nsp.name, connection);
    try {
      const decision = await this.#inTurn(socket);
      const code = decision.admitted ? this.#admit(connection, transport, decision) : codeOf(decision);
      if (code !== undefined) this.#release(connection, transport);
      return code;
    } catch (error) {
      this.#release(connection, transport);
      logFailure(HandshakeGate.name, 'The authenticator failed', error);
      return 'unavailable';
    }
  }

  /** Keeps nothing of a CONNECT that is over: its socket holds whatever the client sent as `auth`. */
  #release(connection: Connection, { namespaces }: Transport): void {
    this.connections.release(connection);
    const { name } = connection.socket.nsp;
    if (namespaces.get(name) === connection) namespaces.delete(name);
  }

  /**
   * The authenticator's decision, once it is this CONNECT's turn; `unavailable` where too many others wait. A CONNECT
   * whose transport closes while it waits gives its place in the queue up, and nobody is asked about it.
   */
  #inTurn(socket: Socket): Promise<AuthDecision> {
    const { auth } = socket.handshake;
    const { clock, decisionTimeout } = this.options;
    const authenticate = () => this.authenticator.authenticate({ auth, request: socket.request });
    const task = () => decisionWithin(clock, decisionTimeout, authenticate).catch((error) => this.#failure(error));
    return until(socket.conn, 'close', (signal) =>
      this.#decisions.run(task, signal).catch(() => refused(signal.aborted ? 'failed' : 'unavailable')),
    );
  }

  #failure(error: unknown): AuthDecision {
    logFailure(HandshakeGate.name, 'The authenticator failed', error);
    return refused('unavailable');
  }

  #refuseEarly(socket: Socket, transport: Transport): RefusalCode | undefined {
    const { connectsPerTransport, connectBytes, connectionsPerAddress } = this.options.limits;
    transport.asked += 1;
    if (this.connections.draining) return 'reconnect-required';
    if (exceeds(transport.asked, connectsPerTransport)) return 'too-many-connects';
    if (connectBytes !== false && holdsMoreThan(connectBytes / BYTES_PER_VALUE, socket.handshake.auth))
      return 'bad-message';
    if (!this.#opened.has(socket.nsp.name)) return 'namespace-closed';
    if (transport.namespaces.has(socket.nsp.name)) return 'already-connected';
    if (this.#unreadable.has(socket.request)) return 'unavailable';
    const fromAddress = this.connections.fromNetwork(this.transports.clientOf(socket.request).network) + 1;
    return exceeds(fromAddress, connectionsPerAddress) ? 'too-many-connections' : undefined;
  }

  #admit(
    connection: Connection,
    transport: Transport,
    decision: AuthDecision & { admitted: true },
  ): RefusalCode | undefined {
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

  /** The socket has joined, and no hook or handler of a gateway has run yet. */
  #joined(socket: Socket): void {
    const connection = this.connections.of(socket);
    if (connection === undefined || connection.phase !== 'pending') {
      socket.disconnect(true);
      return;
    }
    this.connections.join(connection);
    const transport = this.transports.of(socket.conn);
    socket.once('disconnect', () => {
      this.#release(connection, transport);
      this.transports.closeUnlessJoined(socket.conn);
    });
    const code = this.connections.endedMeanwhile(connection);
    if (code !== undefined) return this.connections.cut(connection, code);
    transport.joined = true;
    limitEvents(connection, this.transports, this.options, this.connections, this.#networks);
    this.renewal.attach(connection);
  }

  #refusal(code: RefusalCode, socket: Socket): Error {
    this.connections.refused(
      'connect',
      code,
      this.connections.of(socket) ?? { socket, ...this.transports.addressOf(socket.request) },
    );
    return Object.assign(new Error(noticeOf(code).message), { data: noticeOf(code) });
  }
}
