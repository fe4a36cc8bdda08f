import { Inject, Injectable } from '@nestjs/common';
import type { Namespace, Socket } from 'socket.io';
import { noticeOf } from '../../strategies/strategy.ts';
import type { Connection } from '../connections/connection.ts';
import { Connections } from '../connections/connections.ts';
import { type CredentialAck, onCredential, type Outcome } from '../connections/credential-event.ts';
import { logFailure } from '../log/bounded-log.ts';
import { subjectRoom } from '../principal.ts';
import { Transports } from '../transport/transports.ts';
import { Admission } from './admission.ts';
import { EarlyRefusals } from './early-refusals.ts';

/** A gateway with a hook for guests that sign in. `handleConnection` has run for them before, when they were guests. */
export interface OnGuestSignIn {
  /** The connection is the user's already. An exception ends it, as one in `handleConnection` does. */
  handleSignIn(client: Socket): unknown;
}

/**
 * Lets a guest sign in on its open connection, once: `auth:signin` carries the `auth` of a CONNECT, and is answered as a renewal
 * is. A guest that is refused stays a guest, and may try again.
 */
@Injectable()
export class SignInGate {
  readonly #gateways = new WeakMap<Namespace, Set<Partial<OnGuestSignIn>>>();

  constructor(
    @Inject(Connections) private readonly connections: Connections,
    @Inject(Transports) private readonly transports: Transports,
    @Inject(EarlyRefusals) private readonly early: EarlyRefusals,
    @Inject(Admission) private readonly admission: Admission,
  ) {}

  /** Tells `gateway` of each guest that signs in to the namespace. */
  tell(namespace: Namespace, gateway: Partial<OnGuestSignIn>): void {
    const gateways = this.#gateways.get(namespace) ?? new Set();
    this.#gateways.set(namespace, gateways.add(gateway));
  }

  attach(connection: Connection): void {
    if (!connection.isGuest) return;
    onCredential(connection.socket, 'auth:signin', (auth, ack) => this.#signIn(connection, auth, ack));
  }

  /** Never rejects. One sign-in at a time: a second one meanwhile is told to retry. */
  async #signIn(connection: Connection, auth: unknown, ack: CredentialAck): Promise<void> {
    if (connection.renewing) return ack({ refused: noticeOf('too-many-events') });
    connection.renewing = true;
    const guest = connection.admitted.principal.subject;
    const { code, issued = {} } = await this.#decide(connection, auth);
    connection.renewing = false;
    if (code === undefined) {
      this.#signedIn(connection, guest);
      ack({ credential: issued });
    } else {
      this.connections.refused('connect', code, connection);
      ack({ refused: noticeOf(code) });
    }
    this.connections.resume(connection);
  }

  async #decide(connection: Connection, auth: unknown): Promise<Outcome> {
    const transport = this.transports.of(connection.socket.conn);
    try {
      const code = this.early.codeForSignIn(connection, auth, transport);
      if (code !== undefined) return { code };
    } catch (error) {
      logFailure(SignInGate.name, 'A sign-in could not be decided', error);
      return { code: 'unavailable' };
    }
    return this.admission.signIn(connection, transport, auth as Record<string, unknown>);
  }

  #signedIn(connection: Connection, guest: string): void {
    // It may have been cut since the decision: a socket that has left joins no room, and no hook runs for it.
    const { socket } = connection;
    // Nobody signs in twice: from now on, no handler serves the event.
    socket.removeAllListeners('auth:signin');
    void socket.leave(subjectRoom(guest));
    void socket.join(subjectRoom(connection.admitted.principal.subject));
    for (const gateway of this.#gateways.get(socket.nsp) ?? []) gateway.handleSignIn?.(socket);
  }
}
