import type { StrategyClient } from '../../strategies/strategy.ts';
import { type ConnectionFacts, ConnectionWatch } from './connection-watch.ts';
import { openPair, type Pair } from './pair.ts';
import { kitRoutes, type ProbedConnection, type ProbeRoutes } from './routes.ts';

/** What an honest client saw over several expiries. */
export interface Continuity {
  /** Messages of the talker that were not answered with success, retries included. */
  readonly failed: number;
  /** Longest time between two answers, and between two notifications, in ms. */
  readonly talkerGap: number;
  readonly listenerGap: number;
  /** Notifications that arrived. */
  readonly delivered: number;
  readonly renewals: number;
  readonly reconnects: number;
  /** Connections that ended for good: only a new sign-in would help. */
  readonly ended: number;
  /** When both connections were open, in ms since the epoch. */
  readonly openedAt: number;
  readonly talks: ConnectionFacts;
  readonly listens: ConnectionFacts;
}

/** Longest time between two marks; the watch's start and end are marks too. */
class Gap {
  #last = Date.now();
  #longest = 0;
  #ended = false;

  mark(): void {
    if (this.#ended) return;
    const now = Date.now();
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
  }

  end(): number {
    this.mark();
    this.#ended = true;
    return this.#longest;
  }
}

/** An honest client: it talks on one connection, listens on another, and renews and reconnects as it may. */
export class ContinuityProbe {
  readonly #sockets: readonly ProbedConnection[];
  readonly #timer: NodeJS.Timeout;
  readonly #every: number;
  readonly #talkerGap = new Gap();
  readonly #listenerGap = new Gap();
  readonly #pending = new Set<Promise<unknown>>();
  readonly #openedAt = Date.now();
  readonly #talks: ConnectionWatch;
  readonly #listens: ConnectionWatch;
  #heard = -1;
  #heardAt = Date.now();
  #ended = 0;

  private constructor(
    { talker, listener }: Pair,
    clients: readonly [StrategyClient, StrategyClient],
    every: number,
    { subscription }: ProbeRoutes,
  ) {
    this.#sockets = [talker, listener];
    this.#every = every;
    this.#talks = new ConnectionWatch(talker, clients[0]);
    this.#listens = new ConnectionWatch(listener, clients[1]);
    for (const socket of this.#sockets) void socket.ended.then(() => (this.#ended += 1));
    // A subscription belongs to a connection: after each reconnect it is made anew.
    listener.socket.on('connect', () => listener.socket.emit(...subscription));
    listener.socket.on('notification', ({ number }: { number: number }) => {
      this.#listenerGap.mark();
      this.#listens.worked();
      this.#missedBefore(number);
    });
    this.#timer = setInterval(() => this.#talk(talker), every);
  }

  static async open(
    clients: readonly [StrategyClient, StrategyClient],
    url: string,
    every: number,
    routes: ProbeRoutes = kitRoutes,
  ): Promise<ContinuityProbe> {
    return new ContinuityProbe(await openPair(routes, clients, url), clients, every, routes);
  }

  /** Nothing more is pushed: what comes late still counts, and waiting for it is no gap. */
  pushesEnded(): void {
    this.#listenerGap.end();
  }

  /** `pushed`: how many notifications went out, numbered from 0 on. */
  async stop(pushed = 0): Promise<Continuity> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
    const ended = this.#ended;
    this.#missedBefore(pushed);
    const [talks, listens] = [this.#talks.stop(), this.#listens.stop()];
    for (const socket of this.#sockets) socket.close();
    const sum = (of: (socket: ProbedConnection) => number) =>
      this.#sockets.reduce((total, socket) => total + of(socket), 0);
    return {
      failed: talks.failed.length,
      talkerGap: this.#talkerGap.end(),
      listenerGap: this.#listenerGap.end(),
      delivered: listens.worked.length,
      renewals: sum(({ counters }) => counters.renewals),
      reconnects: sum(({ counters }) => counters.reconnects),
      ended,
      openedAt: this.#openedAt,
      talks,
      listens,
    };
  }

  /** Notes the notifications between the last one and `number` as lost. Each was due one interval after the one before. */
  #missedBefore(number: number): void {
    for (let missed = this.#heard + 1; missed < number; missed++) {
      this.#listens.failed(this.#heardAt + (missed - this.#heard) * this.#every);
    }
    this.#heard = Math.max(this.#heard, number);
    this.#heardAt = Date.now();
  }

  #talk(talker: ProbedConnection): void {
    const message = this.#say(talker);
    this.#pending.add(message);
    void message.finally(() => this.#pending.delete(message));
  }

  async #say(talker: ProbedConnection): Promise<void> {
    try {
      await talker.request('sendMessage', { text: 'on and on' }, { retry: true });
      this.#talkerGap.mark();
      this.#talks.worked();
    } catch {
      this.#talks.failed(Date.now());
    }
  }
}
