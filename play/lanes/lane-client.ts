import { randomUUID } from 'node:crypto';
import type { ProbedConnection, ProbeRoutes } from '../../harness/probes/routes.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import type { End, Fact, Nodes, Side, Who } from '../model/facts.ts';
import type { Frames } from './frames.ts';

/** A fact without its time. */
type Told<F = Fact> = F extends Fact ? Omit<F, 'at'> : never;
export type Tell = (fact: Told) => void;

/** The parts of a lane that its clients use. */
export interface LaneContext {
  urlOf(side: Side): string;
  readonly nodes: Nodes | undefined;
  readonly routes: ProbeRoutes;
  readonly hasRole: boolean;
  readonly frames: Frames;
  readonly tell: Tell;
  /** ms since the page's servers began to start. */
  now(): number;
  /** The same moment by the server's clock, in ms since the epoch. */
  serverTime(at: number): number;
  /** Call when a message was handled. If activity moves the end of a session, it has moved that of this sign-in. */
  moveEnd(signIn: SignIn): void;
  /** When a notification was pushed; undefined where that is not known any more. */
  pushedAt(number: number): number | undefined;
}

/** A sign-in of the user, whose session or token several clients may hold. */
export interface SignIn {
  /** Counted from 1. */
  readonly number: number;
  /** How it was ended; null while it goes on. */
  ended: End | null;
  /** The end to which activity has moved it, in ms of the server's clock. */
  movedEnd?: number;
}

/** Counts of a client since it joined. */
export interface ClientCounts {
  readonly who: Who;
  answered: number;
  heard: number;
  lost: number;
  /** Messages that were refused, by code. */
  readonly refused: Record<string, number>;
}

/** Messages of a client that may wait for their answer. */
const MOST_UNANSWERED = 6;
/** Smaller changes of a credential's end are no news, in ms. */
const NEWS = 20;

/** One client with a connection that sends and one that receives. It tells what happens to them. */
export class LaneClient {
  readonly who: Who;
  readonly signIn: SignIn;
  readonly client: StrategyClient;
  readonly counts: ClientCounts;
  /** The credential that it presented last, which a thief may have copied. */
  presented: ReturnType<StrategyClient['connectOptions']> = {};
  readonly #lane: LaneContext;
  readonly #recover: boolean;
  readonly #connections = new Map<Side, ProbedConnection>();
  #unanswered = 0;
  #connects = 0;
  #renewals = 0;
  #heard = -1;
  /** In ms of the server's clock. */
  #serverEnd: number | undefined;
  #toldEnd: number | null = null;
  #closed = false;

  /** `serverEnd`: the end of a credential that it got from another client, by the server's clock. */
  constructor(
    lane: LaneContext,
    { who, signIn, client, recover, serverEnd }: {
      readonly who: Who;
      readonly signIn: SignIn;
      readonly client: StrategyClient;
      readonly recover: boolean;
      readonly serverEnd?: number | undefined;
    }, // prettier-ignore
  ) {
    this.#lane = lane;
    this.who = who;
    this.signIn = signIn;
    this.counts = { who, answered: 0, heard: 0, lost: 0, refused: {} };
    this.client = client;
    this.#recover = recover;
    this.#serverEnd = serverEnd;
  }

  get serverEnd(): number | undefined {
    return this.#serverEnd;
  }

  get connected(): boolean {
    return [...this.#connections.values()].some(({ socket }) => socket.connected);
  }

  /** Signs in where a password is given, and opens both connections. A refusal is told, not thrown. */
  async open(user?: { readonly username: string; readonly password: string }): Promise<void> {
    const { tell, routes, urlOf, nodes, frames } = this.#lane;
    const { number, ended } = this.signIn;
    tell({ is: 'joined', who: this.who, signIn: number, ended, nodes });
    try {
      if (user !== undefined) await this.client.signIn(user.username, user.password);
      this.look();
      const options = { recover: this.#recover };
      this.#watch('sends', await routes.talk(this.client, urlOf('sends'), options));
      this.#watch('receives', await routes.listen(this.client, urlOf('receives'), options));
      this.look();
      this.#subscribe();
    } catch (error) {
      frames.note(this.who, 'event', `refused: ${codeOf(error)}`);
      tell({ is: 'turned-away', who: this.who, code: codeOf(error) });
    }
  }

  /** Sends a message, and one that needs the role where there is such an event. */
  send(): void {
    const talker = this.#connections.get('sends');
    if (talker?.socket.connected !== true) return;
    this.#say(talker, 'sendMessage', { text: 'hello' }, false);
    if (this.#lane.hasRole) this.#say(talker, 'deleteMessage', { id: randomUUID() }, true);
  }

  /** Looks for what its connections do not tell: renewals, and when the credential ends. */
  look(): void {
    if (this.#closed) return;
    const { tell, serverTime } = this.#lane;
    const renewals = Math.max(0, ...[...this.#connections.values()].map(({ counters }) => counters.renewals));
    if (renewals > this.#renewals) tell({ is: 'renewed', who: this.who });
    this.#renewals = renewals;
    const presented = this.client.connectOptions();
    if (Object.values({ ...presented.auth, ...presented.extraHeaders }).some((value) => value !== undefined))
      this.presented = presented;
    // Another token that it holds may end earlier, and a session's client is not told that activity has moved the end.
    for (const known of [this.client.expiresAt, this.signIn.movedEnd])
      if (known !== undefined) this.#serverEnd = Math.max(this.#serverEnd ?? 0, known);
    const endsAt = this.#serverEnd === undefined ? null : this.#serverEnd - serverTime(0);
    if (endsAt === this.#toldEnd || Math.abs((endsAt ?? 0) - (this.#toldEnd ?? Infinity)) < NEWS) return;
    this.#toldEnd = endsAt;
    tell({ is: 'credential', who: this.who, endsAt });
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#connections.values()) {
      connection.socket.removeAllListeners('notification');
      connection.close();
    }
  }

  #watch(side: Side, connection: ProbedConnection): void {
    const { frames } = this.#lane;
    const { who } = this;
    const { socket } = connection;
    const name = `${who} ${side}`;
    let cut: string | null = null;
    const tell: Tell = (fact) => this.#closed || this.#lane.tell(fact);
    if (this.#closed) return connection.close();
    this.#connections.set(side, connection);
    frames.note(name, 'event', 'connected');
    frames.follow(name, socket);
    tell({ is: 'opened', who, side });
    socket.on('auth:cut', (notice?: { code?: string }) => (cut = notice?.code ?? null));
    socket.on('connect', () => {
      this.#connects += 1;
      this.look();
      tell({ is: 'opened', who, side });
      if (side === 'receives') this.#subscribe();
    });
    socket.on('disconnect', (reason) => {
      this.#connects += 1;
      frames.note(name, 'event', `disconnected: ${reason}`);
      tell({ is: 'closed', who, side, code: cut });
      cut = null;
    });
    void connection.ended.then((code) => tell({ is: 'over', who, side, code }));
    if (side === 'receives') socket.on('notification', ({ number }: { number: number }) => this.#hear(number));
  }

  /** A subscription belongs to a connection: after each reconnect it is made anew. */
  #subscribe(): void {
    const [event, data] = this.#lane.routes.subscription;
    this.#connections
      .get('receives')
      ?.request(event, data)
      .catch(() => {});
  }

  #hear(number: number): void {
    const { tell, pushedAt, now } = this.#lane;
    if (this.#closed) return;
    const lost = this.#heard < 0 ? 0 : Math.max(0, number - this.#heard - 1);
    this.#heard = number;
    this.counts.heard += 1;
    this.counts.lost += lost;
    const { who } = this;
    const renewing = this.#connections.get('receives')?.state?.name === 'renewing';
    this.#settled(() => tell({ is: 'heard', who, pushedAt: pushedAt(number) ?? now(), lost, renewing }));
  }

  /**
   * Calls `tell` once the client has dealt with all that arrived together: the answer to a renewal may have come right before,
   * and its new credential is not in place yet.
   */
  #settled(tell: () => void): void {
    setImmediate(() => {
      if (this.#closed) return;
      this.look();
      tell();
    });
  }

  #say(talker: ProbedConnection, event: string, data: object, role: boolean): void {
    if (this.#unanswered >= MOST_UNANSWERED) return;
    const { tell, now, moveEnd } = this.#lane;
    const { who } = this;
    const [sentAt, connects] = [now(), this.#connects];
    this.#unanswered += 1;
    const answered = (): void => {
      if (!role) moveEnd(this.signIn);
      this.counts.answered += 1;
      this.#settled(() => tell({ is: 'answered', who, sentAt, role }));
    };
    const refused = (error: unknown): void => {
      // A message that was lost with its connection was not refused.
      if (connects !== this.#connects) return;
      const code = codeOf(error);
      this.counts.refused[code] = (this.counts.refused[code] ?? 0) + 1;
      tell({ is: 'refused', who, code, role });
    };
    void talker
      .request(event, data)
      .then(
        () => this.#closed || answered(),
        (error: unknown) => this.#closed || refused(error),
      )
      .finally(() => (this.#unanswered -= 1));
  }
}

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? 'failed';
