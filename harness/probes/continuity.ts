import { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import { openPair } from './pair.ts';

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
  readonly #sockets: AuthSocket[];
  readonly #timer: NodeJS.Timeout;
  readonly #talkerGap = new Gap();
  readonly #listenerGap = new Gap();
  readonly #pending = new Set<Promise<unknown>>();
  #failed = 0;
  #delivered = 0;
  #ended = 0;

  private constructor(talker: AuthSocket, listener: AuthSocket, every: number) {
    this.#sockets = [talker, listener];
    for (const socket of this.#sockets) void socket.ended.then(() => (this.#ended += 1));
    // A subscription belongs to a connection: after each reconnect it is made anew.
    listener.socket.on('connect', () => listener.socket.emit('subscribe-to-notifications', {}));
    listener.socket.on('notification', () => {
      this.#delivered += 1;
      this.#listenerGap.mark();
    });
    this.#timer = setInterval(() => this.#talk(talker), every);
  }

  static async open(clients: readonly [StrategyClient, StrategyClient], url: string, every: number) {
    const { talker, listener } = await openPair(
      () => AuthSocket.connect(clients[0], `${url}/chat`),
      () => AuthSocket.connect(clients[1], `${url}/notifications`),
    );
    return new ContinuityProbe(talker, listener, every);
  }

  /** Nothing more is pushed: what comes late still counts, and waiting for it is no gap. */
  pushesEnded(): void {
    this.#listenerGap.end();
  }

  async stop(): Promise<Continuity> {
    clearInterval(this.#timer);
    await Promise.all(this.#pending);
    const ended = this.#ended;
    for (const socket of this.#sockets) socket.close();
    const sum = (of: (socket: AuthSocket) => number) => this.#sockets.reduce((total, socket) => total + of(socket), 0);
    return {
      failed: this.#failed,
      talkerGap: this.#talkerGap.end(),
      listenerGap: this.#listenerGap.end(),
      delivered: this.#delivered,
      renewals: sum(({ counters }) => counters.renewals),
      reconnects: sum(({ counters }) => counters.reconnects),
      ended,
    };
  }

  #talk(talker: AuthSocket): void {
    const message = talker.request('sendMessage', { text: 'on and on' }).then(
      () => this.#talkerGap.mark(),
      () => void (this.#failed += 1),
    );
    this.#pending.add(message);
    void message.finally(() => this.#pending.delete(message));
  }
}
