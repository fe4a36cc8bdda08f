import { Inject, Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { revokes, sameRoles } from '../../strategies/shared/revocation.ts';
import {
  type Admitted,
  type Authenticator,
  endsConnection,
  noticeOf,
  type RefusalCode,
  type Revocation,
  type SecurityEvent,
} from '../../strategies/strategy.ts';
import { codeOf } from '../../strategies/shared/errors.ts';
import { Authenticators } from '../authenticators.ts';
import { logFailure } from '../log/bounded-log.ts';
import { type Client, NetworkCounter } from '../limits/addresses.ts';
import { ConnectionsBySubject } from './by-subject.ts';
import { Connection } from './connection.ts';
import { type ConnectionCounters, ConnectionCounts } from './counters.ts';
import { Deadlines } from './deadlines.ts';
import { decisionWithin } from './decisions.ts';
import { drain } from './drain.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from '../options/options.ts';

/** The connection that an event is about, or as much of it as is known. */
type Whom = Partial<Pick<Connection, 'socket' | 'address' | 'principal'>> & Pick<SecurityEvent, 'origin'>;

/** Everyone who is connected or about to be: the one cut timer, the kicks and the counters. */
@Injectable()
export class Connections implements OnModuleDestroy, OnApplicationShutdown {
  readonly #bySocket = new WeakMap<Socket, Connection>();
  readonly #pending = new Set<Connection>();
  readonly #open = new Set<Connection>();
  readonly #bySubject = new ConnectionsBySubject();
  readonly #perNetwork = new NetworkCounter();
  readonly #deadlines: Deadlines<Connection>;
  readonly #stopListening: ((() => void) | undefined)[] = [];
  readonly #counts = new ConnectionCounts();
  /** The application is closing, and takes no connection any more. */
  draining = false;

  constructor(
    @Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(Authenticators) private readonly authenticators: Authenticators,
  ) {
    this.#deadlines = new Deadlines(options.clock, (connection) => this.#due(connection));
    authenticators.forEach((authenticator) => {
      this.#stopListening.push(authenticator.onRevoked?.((revocation) => this.revoke(revocation, authenticator)));
    });
  }

  /** The connection of an accepted or pending CONNECT. */
  of(socket: Socket): Connection | undefined {
    return this.#bySocket.get(socket);
  }

  /** Registers a CONNECT that is to be decided. */
  begin(socket: Socket, client: Client): Connection {
    const connection = new Connection(socket, client, this.authenticators.of(socket.nsp.name));
    this.#bySocket.set(socket, connection);
    this.#pending.add(connection);
    this.#perNetwork.add(client.network);
    return connection;
  }

  /** Counts a decided CONNECT against its subject, so that parallel ones see each other. */
  claim(connection: Connection, subject: string): void {
    this.#bySubject.add(connection, subject);
  }

  /** Why somebody who was let in ends at once, if it does: a revocation came meanwhile, or the application closes. */
  endedMeanwhile(connection: Connection, principal = connection.admitted.principal): RefusalCode | undefined {
    return connection.revokedCode(principal) ?? (this.draining ? 'reconnect-required' : undefined);
  }

  /** From now on, what is revoked is noted for the user who is signing in on this connection of a guest. */
  beginSignIn(connection: Connection): void {
    connection.revokedMeanwhile.length = 0;
    this.#pending.add(connection);
  }

  /** Ends what `beginSignIn` began. With a decision, the connection is that user's from now on. */
  endSignIn(connection: Connection, admitted?: Admitted): void {
    this.#pending.delete(connection);
    if (admitted === undefined) return;
    const guest = connection.admitted.principal.subject;
    connection.admit(admitted);
    this.#bySubject.remove(connection, guest);
    this.claim(connection, admitted.principal.subject);
    this.#report('connect', connection);
  }

  /** The CONNECT was accepted and the socket has joined its namespace. */
  join(connection: Connection): void {
    this.#pending.delete(connection);
    connection.phase = 'open';
    this.#open.add(connection);
    this.#counts.accepted += 1;
    this.#report('connect', connection);
    connection.socket.once('disconnect', () => this.release(connection));
    this.#deadlines.file(connection);
  }

  /**
   * A new decision on a live connection; its deadlines may have moved. Answers the code of a refusal, and changes
   * nothing, where it is on another subject or other roles: a connection belongs to the principal that opened it,
   * and hooks and handlers have let it into whatever those roles opened.
   */
  update(connection: Connection, admitted: Connection['admitted']): RefusalCode | undefined {
    const { subject, roles } = connection.admitted.principal;
    if (admitted.principal.subject !== subject) return 'subject-mismatch';
    if (!sameRoles(admitted.principal.roles, roles)) return 'reconnect-required';
    connection.admit(admitted);
    this.#deadlines.file(connection);
    return undefined;
  }

  /** Its renewal is over: what was due meanwhile is due now. */
  resume(connection: Connection): void {
    if (connection.dueAt <= this.options.clock.now()) this.#due(connection);
    this.#deadlines.file(connection);
  }

  renewed(connection: Connection): void {
    this.#counts.renewals += 1;
    this.#report('renewal', connection);
  }

  /** Idempotent: whatever ends a connection ends here. */
  release(connection: Connection): void {
    if (connection.phase === 'closed') return;
    connection.phase = 'closed';
    this.#pending.delete(connection);
    this.#open.delete(connection);
    this.#deadlines.drop(connection);
    this.#perNetwork.remove(connection.client.network);
    if (connection.principal !== undefined) this.#bySubject.remove(connection, connection.principal.subject);
  }

  /** Open and pending. */
  fromNetwork(network: string): number {
    return this.#perNetwork.of(network);
  }

  /** Open and decided. */
  ofSubject(subject: string): number {
    return this.#bySubject.of(subject).size;
  }

  /** Open and decided. */
  get guests(): number {
    return this.#bySubject.guests;
  }

  /** Counts and reports a refusal. */
  refused(event: SecurityEvent['event'], code: RefusalCode, whom: Whom): void {
    this.#counts.refused.add(code);
    this.#report(event, whom, code);
  }

  /**
   * Tells the client why and closes its transport, and with it every namespace on it: an event that is already
   * on its way finds the connection closed. One that has passed its guard, and waits for its handler, runs.
   */
  cut(connection: Connection, code: RefusalCode): void {
    if (connection.phase !== 'open') return;
    const siblings = [...(connection.siblings?.values() ?? [connection])];
    for (const sibling of siblings.filter(({ phase }) => phase === 'open')) {
      sibling.socket.emit('auth:cut', noticeOf(code));
      this.#counts.cut.add(code);
      this.#report('cut', sibling, code);
      this.release(sibling);
    }
    connection.socket.disconnect(true);
  }

  /** Ends the open connections that match, and marks the pending ones. With `of`, only those of that authenticator. */
  revoke(revocation: Revocation, of?: Authenticator): void {
    const isOf = ({ authenticator }: Connection) => of === undefined || authenticator === of;
    for (const pending of this.#pending) if (isOf(pending)) pending.revokedMeanwhile.push(revocation);
    const concerned = revocation.subject === undefined ? this.#open : this.#bySubject.of(revocation.subject);
    for (const connection of concerned) {
      const { principal } = connection;
      if (principal === undefined || !isOf(connection)) continue;
      if (revokes(revocation, principal)) this.cut(connection, revocation.code);
    }
  }

  counters(): ConnectionCounters {
    return this.#counts.with({ open: this.#open.size, pending: this.#pending.size });
  }

  /** Before anything else closes: `app.enableShutdownHooks()` makes a SIGTERM come here. Ends and kicks go on to the last. */
  async onModuleDestroy(): Promise<void> {
    const { clock, drainWindow } = this.options;
    this.draining = true;
    if (drainWindow > 0) await drain(clock, drainWindow, this.#open, (each) => this.cut(each, 'reconnect-required'));
  }

  onApplicationShutdown(): void {
    for (const stop of this.#stopListening) stop?.();
    this.#deadlines.stop();
  }

  #report(event: SecurityEvent['event'], { socket, address, principal, origin }: Whom, code?: RefusalCode): void {
    const { clock, report } = this.options;
    report({
      event,
      at: clock.now(),
      ...(code && { code }),
      ...(principal && { subject: principal.subject }),
      ...(socket && { namespace: socket.nsp.name }),
      ...(address !== undefined && { address }),
      ...(origin !== undefined && { origin }),
    });
  }

  #due(connection: Connection): void {
    if (this.options.clock.now() >= connection.cutAt) return void this.#atEnd(connection);
    connection.prompted();
    const endsIn = connection.cutAt - this.options.clock.now();
    connection.socket.emit('auth:renew', { ...noticeOf('expired'), ...(endsIn < Infinity && { endsIn }) });
  }

  /** Never rejects. An authenticator that cannot say otherwise lets the cut come. */
  async #atEnd(connection: Connection): Promise<void> {
    const { authenticator } = connection;
    if (connection.isGuest) return this.cut(connection, 'reconnect-required');
    if (authenticator.reconsider === undefined) return this.cut(connection, 'expired');
    const { clock, decisionTimeout } = this.options;
    const reconsider = authenticator.reconsider.bind(authenticator, connection);
    const { admitted } = connection;
    let code: RefusalCode | undefined;
    connection.reconsidering = true;
    try {
      const decision = await decisionWithin(clock, decisionTimeout, reconsider);
      if (!decision.admitted) code = codeOf(decision.code);
      // A message meanwhile may have moved the end, and knows better.
      else if (connection.admitted === admitted) code = this.update(connection, decision);
    } catch (error) {
      logFailure(Connections.name, 'The authenticator failed to reconsider', error);
      code = 'unavailable';
    }
    connection.reconsidering = false;
    const over = clock.now() >= connection.cutAt;
    if (code !== undefined && (over || endsConnection(code, 'message'))) return this.cut(connection, code);
    if (over) this.cut(connection, 'expired');
    else this.#deadlines.file(connection);
  }
}
