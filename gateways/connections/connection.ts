import type { Socket } from 'socket.io';
import { revokes } from '../../strategies/shared/revocation.ts';
import {
  type Admitted,
  type AuthConnection,
  type Authenticator,
  type IssuedCredential,
  type Principal,
  type RefusalCode,
  type Revocation,
} from '../../strategies/strategy.ts';
import type { Client } from '../limits/addresses.ts';
import { isGuest } from '../principal.ts';
import type { Due } from './deadlines.ts';

/**
 * One CONNECT, from the moment that it was asked for. `pending` until it is decided and joined, then `open`;
 * `closed` whatever ended it.
 */
export class Connection implements AuthConnection, Due {
  readonly socket: Socket;
  readonly client: Client;
  /** The authenticator of its namespace. */
  readonly authenticator: Authenticator;
  phase: 'pending' | 'open' | 'closed' = 'pending';
  /** All connections of its transport, by namespace. */
  siblings: ReadonlyMap<string, Connection> | undefined;
  /** The revocations that came while this connection, or a sign-in on it, was decided. A cut cannot reach a connection that is not admitted yet. */
  readonly revokedMeanwhile: Revocation[] = [];
  /** What the client is handed once it has joined; a credential is not kept for longer. */
  issued: IssuedCredential | undefined;
  /** It is renewing or signing in, and its end waits for what comes of that: a token that is spent shall not end unanswered. */
  renewing = false;
  /** Its time has come, and the authenticator is asked whether that still holds. */
  reconsidering = false;
  #admitted: Admitted | undefined;
  #prompted = false;

  constructor(socket: Socket, client: Client, authenticator: Authenticator) {
    this.socket = socket;
    this.client = client;
    this.authenticator = authenticator;
  }

  get address(): string {
    return this.client.address;
  }

  get admitted(): Admitted {
    if (this.#admitted === undefined) throw new TypeError('Cannot read who is connected before it is decided');
    return this.#admitted;
  }

  get principal(): Principal | undefined {
    return this.#admitted?.principal;
  }

  /** Nobody is signed in on it. */
  get isGuest(): boolean {
    return this.#admitted !== undefined && isGuest(this.#admitted.principal);
  }

  /**
   * Puts the principal where handlers and hooks find it; an issued credential is its caller's to hand over.
   * @throws TypeError on a time that is not finite
   */
  admit({ issued: _, ...admitted }: Admitted): void {
    for (const time of [admitted.cutAt, admitted.promptAt]) {
      if (time !== undefined && !Number.isFinite(time)) throw new TypeError('A cut or prompt time must be finite');
    }
    this.#prompted &&= admitted.promptAt === this.#admitted?.promptAt;
    this.#admitted = admitted;
    this.socket.data.principal = admitted.principal;
  }

  get cutAt(): number {
    return this.#admitted?.cutAt ?? Infinity;
  }

  /** The next thing to do on time: the prompt, once, then the cut. */
  get dueAt(): number {
    if (this.phase !== 'open' || this.reconsidering || this.renewing) return Infinity;
    const promptAt = this.#prompted ? Infinity : (this.#admitted?.promptAt ?? Infinity);
    return Math.min(promptAt, this.cutAt);
  }

  /** Notes that the client was asked to renew. */
  prompted(): void {
    this.#prompted = true;
  }

  /** The code of a revocation that came during the decision on `principal`, where one matches. */
  revokedCode(principal: Principal): RefusalCode | undefined {
    return this.revokedMeanwhile.find((revocation) => revokes(revocation, principal))?.code;
  }
}
