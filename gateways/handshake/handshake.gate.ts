import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { Namespace, Socket } from 'socket.io';
import { noticeOf, type RefusalCode } from '../../strategies/strategy.ts';
import { Connections } from '../connections/connections.ts';
import { RenewalGate } from '../connections/renewal.gate.ts';
import { logFailure } from '../log/bounded-log.ts';
import { EventLimits } from '../messages/event-limits.ts';
import { isPublic } from '../messages/public.ts';
import { Transports } from '../transport/transports.ts';
import { subjectRoom } from '../principal.ts';
import { Admission } from './admission.ts';
import { EarlyRefusals } from './early-refusals.ts';
import { SignInGate } from './sign-in.gate.ts';

/**
 * Stands before every namespace and decides each CONNECT before it is accepted. A namespace is closed until a
 * gateway opens it, and a decision that cannot be had is a refusal.
 */
@Injectable()
export class HandshakeGate {
  readonly #guarded = new WeakSet<Namespace>();
  readonly #openedBy = new WeakSet<object>();
  /** True once this gate guards a server, which `AuthAdapter` does. So false means that the adapter is not installed. */
  guardsServer = false;

  constructor(
    @Inject(Connections) private readonly connections: Connections,
    @Inject(Transports) private readonly transports: Transports,
    @Inject(EarlyRefusals) private readonly early: EarlyRefusals,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(EventLimits) private readonly limits: EventLimits,
    @Inject(RenewalGate) private readonly renewal: RenewalGate,
    @Inject(SignInGate) private readonly signIn: SignInGate,
  ) {}

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
    this.early.unreadable(request);
  }

  /** Lets authenticated clients into a namespace, and guests if `gateway` is public. Each gateway of the namespace calls it. */
  open(namespace: Namespace, gateway: object): void {
    this.#openedBy.add(gateway);
    // This gate guards the server of no other adapter. `Wiring` stops the start then, so there is nothing to open.
    if (!this.#guarded.has(namespace)) return;
    this.early.open(namespace);
    if (isPublic(gateway.constructor)) this.admission.admitGuests(namespace);
    this.signIn.tell(namespace, gateway);
  }

  isOpenedBy(gateway: object): boolean {
    return this.#openedBy.has(gateway);
  }

  /** The code of the refusal, or undefined: admitted. */
  async #decide(socket: Socket): Promise<RefusalCode | undefined> {
    const transport = this.transports.of(socket.conn);
    transport.asked += 1;
    const early = this.early.codeFor(socket, transport);
    if (early !== undefined) return early;
    // Its close was told already, and nothing would ever release what begins now.
    if (socket.conn.readyState === 'closed') return 'failed';
    return this.admission.codeFor(socket, transport);
  }

  /** The socket has joined, and no hook or handler of a gateway has run yet. */
  #joined(socket: Socket): void {
    const connection = this.connections.of(socket);
    if (connection === undefined || connection.phase !== 'pending') {
      socket.disconnect(true);
      return;
    }
    this.connections.join(connection);
    void socket.join(subjectRoom(connection.admitted.principal.subject));
    const transport = this.transports.of(socket.conn);
    socket.once('disconnect', () => {
      this.admission.release(connection, transport);
      this.transports.closeUnlessJoined(socket.conn);
    });
    const code = this.connections.endedMeanwhile(connection);
    if (code !== undefined) return this.connections.cut(connection, code);
    transport.joined = true;
    this.limits.attach(connection);
    this.renewal.attach(connection);
    this.signIn.attach(connection);
  }

  #refusal(code: RefusalCode, socket: Socket): Error {
    const whom = this.connections.of(socket) ?? { socket, ...this.transports.addressOf(socket.request) };
    this.connections.refused('connect', code, whom);
    return Object.assign(new Error(noticeOf(code).message), { data: noticeOf(code) });
  }
}
