import type { IncomingMessage } from 'node:http';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Namespace, Socket } from 'socket.io';
import {
  Authenticator,
  ConcurrencyLimiter,
  noticeOf,
  type RefusalCode,
  refused,
  type Verdict,
} from '../strategies/strategy.ts';
import type { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import { decisionWithin, nameOf, until } from './decision.ts';
import { EventBudget } from './event-budget.ts';
import { CONNECT_TIMEOUT, type ResolvedOptions, WS_AUTH_OPTIONS } from './options.ts';
import { RenewalGate } from './renewal.gate.ts';

/** CONNECTs that are decided on at a time, and those that may wait; more are refused as `unavailable`. */
const CONNECTS = { atOnce: 64, waiting: 10_000 };

/** How a Socket.IO packet of that type begins. */
const CONNECT = 0;

/** What one transport has asked for so far. */
interface Transport {
  /**
   * CONNECT packets that arrived, and those of them that are being decided on: a burst that arrives in one go is
   * refused from the first one over the limit on, and not from its first.
   */
  connects: number;
  asked: number;
  subject: string | undefined;
  readonly namespaces: Map<string, Connection>;
}

/**
 * Stands before every namespace and decides each CONNECT before it is accepted. A namespace is closed until a
 * gateway opens it, and a decision that cannot be had is a refusal.
 */
@Injectable()
export class HandshakeGate {
  readonly #logger = new Logger(HandshakeGate.name);
  readonly #decisions = new ConcurrencyLimiter(CONNECTS);
  readonly #guarded = new WeakSet<Namespace>();
  readonly #opened = new Set<string>();
  readonly #transports = new WeakMap<Socket['conn'], Transport>();
  readonly #unreadable = new WeakSet<IncomingMessage>();

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(Connections) private readonly connections: Connections,
    @Inject(RenewalGate) private readonly renewal: RenewalGate,
  ) {}

  /** Installs the decision on a namespace, once; it stays closed. Before any other listener of the namespace. */
  guard(namespace: Namespace): void {
    if (this.#guarded.has(namespace)) return;
    this.#guarded.add(namespace);
    namespace.use((socket, next) => {
      void this.#decide(socket)
        .catch((error): RefusalCode => {
          this.#logger.error(`A CONNECT could not be decided: ${nameOf(error)}`);
          return 'unavailable';
        })
        .then((code) => next(code && this.#refusal(code, socket)));
    });
    namespace.on('connection', (socket) => this.#joined(socket));
  }

  /**
   * Counts the CONNECTs of a transport as its packets arrive: those for namespaces that no code names are answered by
   * Socket.IO and reach no middleware.
   */
  count(transport: Socket['conn']): void {
    transport.on('packet', ({ type, data }: { type: string; data?: unknown }) => {
      if (type !== 'message' || typeof data !== 'string' || Number(data.charAt(0)) !== CONNECT) return;
      const counted = this.#transportOf(transport);
      counted.connects += 1;
      if (exceeds(counted.connects, this.options.limits.connectsPerTransport)) setImmediate(() => transport.close());
    });
  }

  /** A transport of a foreign origin is not opened. */
  foreign(request: IncomingMessage): void {
    this.connections.refused('upgrade', 'origin-refused', this.#addressOf(request));
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
    const transport = this.#transportOf(socket.conn);
    const early = this.#refuseEarly(socket, transport);
    if (early !== undefined) return early;
    // Its close was told already, and nothing would ever release what begins now.
    if (socket.conn.readyState === 'closed') return 'failed';
    const connection = this.connections.begin(socket, this.options.addressOf(socket.request));
    transport.namespaces.set(socket.nsp.name, connection);
    try {
      const verdict = await this.#inTurn(socket);
      const code = verdict.admitted ? this.#admit(connection, transport, verdict) : verdict.code;
      if (code !== undefined) this.connections.release(connection);
      return code;
    } catch (error) {
      this.connections.release(connection);
      this.#logger.error(`The authenticator failed: ${nameOf(error)}`);
      return 'unavailable';
    }
  }

  /**
   * The authenticator's verdict, once it is this CONNECT's turn; `unavailable` where too many others wait. A CONNECT
   * whose transport closes while it waits gives its place in the queue up, and nobody is asked about it.
   */
  #inTurn(socket: Socket): Promise<Verdict> {
    const { auth } = socket.handshake;
    const { clock, decisionTimeout } = this.options;
    const authenticate = () => this.authenticator.authenticate({ auth, request: socket.request });
    const task = () => decisionWithin(clock, decisionTimeout, authenticate).catch((error) => this.#failure(error));
    return until(socket.conn, 'close', (signal) =>
      this.#decisions.run(task, signal).catch(() => refused(signal.aborted ? 'failed' : 'unavailable')),
    );
  }

  #failure(error: unknown): Verdict {
    this.#logger.error(`The authenticator failed: ${nameOf(error)}`);
    return refused('unavailable');
  }

  #refuseEarly(socket: Socket, transport: Transport): RefusalCode | undefined {
    const { connectsPerTransport, connectionsPerAddress } = this.options.limits;
    transport.asked += 1;
    if (this.connections.draining) return 'reconnect-required';
    if (exceeds(transport.asked, connectsPerTransport)) return 'too-many-connects';
    if (!this.#opened.has(socket.nsp.name)) return 'namespace-closed';
    const same = transport.namespaces.get(socket.nsp.name);
    if (same !== undefined && same.phase !== 'closed') return 'already-connected';
    if (this.#unreadable.has(socket.request)) return 'unavailable';
    const fromAddress = this.connections.fromAddress(this.options.addressOf(socket.request)) + 1;
    return exceeds(fromAddress, connectionsPerAddress) ? 'too-many-connections' : undefined;
  }

  #admit(connection: Connection, transport: Transport, verdict: Verdict & { admitted: true }): RefusalCode | undefined {
    const { subject } = verdict.principal;
    if ((transport.subject ?? subject) !== subject) return 'subject-mismatch';
    if (exceeds(this.connections.ofSubject(subject) + 1, this.options.limits.connectionsPerUser)) {
      return 'too-many-connections';
    }
    connection.admit(verdict);
    connection.grant = verdict.grant;
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
    socket.once('disconnect', () => {
      this.options.clock.schedule(CONNECT_TIMEOUT, () => this.#closeIfLeft(socket));
    });
    const code = this.connections.endedMeanwhile(connection);
    if (code !== undefined) return this.connections.cut(connection, code);
    this.#limitEvents(connection);
    this.renewal.attach(connection);
  }

  /** A transport without a namespace is a place that nothing counts. */
  #closeIfLeft(socket: Socket): void {
    const left = [...this.#transportOf(socket.conn).namespaces.values()].every(({ phase }) => phase === 'closed');
    if (left) socket.conn.close();
  }

  #limitEvents(connection: Connection): void {
    const { limits, clock } = this.options;
    if (limits.eventsPerSecond === false) return;
    const budget = new EventBudget(limits.eventsPerSecond, clock);
    connection.socket.use((packet, next) => {
      const spent = budget.spend();
      if (spent === 'pass') return next();
      if (spent === 'cut') return this.connections.cut(connection, 'too-many-events');
      this.connections.refused('message', 'too-many-events', connection);
      const ack: unknown = packet.at(-1);
      if (typeof ack === 'function') ack({ refused: noticeOf('too-many-events') });
    });
  }

  #refusal(code: RefusalCode, socket: Socket): Error {
    this.connections.refused(
      'connect',
      code,
      this.connections.of(socket) ?? { socket, ...this.#addressOf(socket.request) },
    );
    return Object.assign(new Error(noticeOf(code).message), { data: noticeOf(code) });
  }

  /** For a report, which must not fail where the application's own function does. */
  #addressOf(request: IncomingMessage): { address?: string } {
    try {
      return { address: this.options.addressOf(request) };
    } catch {
      return {};
    }
  }

  #transportOf(conn: Socket['conn']): Transport {
    const known = this.#transports.get(conn);
    if (known !== undefined) return known;
    const fresh: Transport = { connects: 0, asked: 0, subject: undefined, namespaces: new Map() };
    this.#transports.set(conn, fresh);
    conn.once('close', () => {
      for (const connection of fresh.namespaces.values()) this.connections.release(connection);
    });
    return fresh;
  }
}

const exceeds = (count: number, limit: number | false): boolean => limit !== false && count > limit;
