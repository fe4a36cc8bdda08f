import { AuthSocket } from '../strategies/shared/auth-socket.ts';
import type { StrategyClient } from '../strategies/strategy.ts';

/** What a connection could still do, and when it last could; ms since the epoch. */
export interface Trace {
  readonly lastHandled: number | undefined;
  readonly lastDelivered: number | undefined;
}

/** How long after a moment something went on, in ms; `censored` where it had not stopped when the watch did. */
export interface Staleness {
  readonly ms: number;
  readonly censored: boolean;
}

export interface ProbeOptions {
  readonly url: string;
  /** How often it acts, in ms: what it resolves. */
  readonly every: number;
  /** What it does; true where it was let through. A refusal is data, and nothing is thrown. */
  readonly act?: (talker: AuthSocket) => Promise<unknown>;
}

const say = (talker: AuthSocket): Promise<unknown> => talker.request('sendMessage', { text: 'still here' });

/**
 * Someone who holds a credential and nothing more: it talks on one connection and listens on another, renews
 * nothing, and notes the last time that either worked.
 */
export class StalenessProbe {
  readonly #talker: AuthSocket;
  readonly #listener: AuthSocket;
  readonly #timer: NodeJS.Timeout;
  #lastHandled: number | undefined;
  #lastDelivered: number | undefined;

  private constructor(talker: AuthSocket, listener: AuthSocket, { every, act = say }: ProbeOptions) {
    this.#talker = talker;
    this.#listener = listener;
    listener.socket.on('notification', () => (this.#lastDelivered = Date.now()));
    this.#timer = setInterval(() => {
      act(talker).then(
        () => (this.#lastHandled = Date.now()),
        () => {},
      );
    }, every);
  }

  /** Both connections are open, and the listener is subscribed to its subject's notifications. */
  static async open(client: StrategyClient, options: ProbeOptions): Promise<StalenessProbe> {
    const held = client.connectOptions();
    const thief: StrategyClient = { ...client, expiresAt: undefined, connectOptions: () => held };
    const [talker, listener] = await Promise.all(
      ['/chat', '/notifications'].map((namespace) =>
        AuthSocket.connect(thief, options.url + namespace, { recover: false }),
      ),
    );
    await listener!.request('subscribe-to-notifications', {});
    return new StalenessProbe(talker!, listener!, options);
  }

  stop(): Trace {
    clearInterval(this.#timer);
    this.#talker.close();
    this.#listener.close();
    return { lastHandled: this.#lastHandled, lastDelivered: this.#lastDelivered };
  }
}

/** From `since` until `last`, watched until `until`; going on within three of its periods of the end is censored. */
export function stalenessOf(last: number | undefined, since: number, until: number, every: number): Staleness {
  const ms = Math.max(0, (last ?? since) - since);
  const censored = last !== undefined && last > until - 3 * every;
  return { ms: censored ? until - since : ms, censored };
}
