import type { Clock } from '../../strategies/strategy.ts';
import { turnTaking } from './turn-taking.ts';
import type { WebSocketLike } from './unsent-bytes.ts';

/**
 * How many packets one POST of long polling may carry. Engine.IO handles all of them at once, and a WebSocket takes turns
 * instead.
 */
const MOST_IN_REQUEST = 256;

interface Metered {
  readonly ended: boolean;
}

/** Counts the packets of one transport, whether a WebSocket or requests of long polling carry them. */
export class PacketMeter {
  readonly #transport: Metered;
  readonly #clock: Clock;
  readonly #take: ((bytes: number, now: number) => boolean) | undefined;
  readonly #tooMany: () => void;
  #inRequest = 0;

  /** `take` returns whether a packet is within the limits; without it nothing is counted. `tooMany` ends the transport. */
  constructor(
    transport: Metered,
    clock: Clock,
    take: ((bytes: number, now: number) => boolean) | undefined,
    tooMany: () => void,
  ) {
    this.#transport = transport;
    this.#clock = clock;
    this.#take = take;
    this.#tooMany = tooMany;
  }

  /** Counts every packet of a WebSocket, pings and pongs too, until its network connection is closed. */
  watch(webSocket: WebSocketLike): void {
    if (this.#take === undefined) return;
    const takeTurn = turnTaking(webSocket);
    const handed = (data: Buffer): void => {
      const now = this.#clock.now();
      // The transport may still be polling, and would not end a WebSocket that asks to take its place.
      if (!this.#count(data.length, now)) webSocket.terminate();
      takeTurn(now);
    };
    // This runs before Engine.IO's listener, so that no packet over the limit is parsed.
    webSocket.prependListener('message', handed).on('ping', handed).on('pong', handed);
  }

  /** Counts a request of long polling like a packet, and returns whether it is within the limits. */
  request(): boolean {
    return this.#count(0, this.#clock.now());
  }

  /** The next packets come from another POST. Engine.IO allows one at a time. */
  beginPost(): void {
    this.#inRequest = 0;
  }

  /** Counts a packet that a POST of long polling brought. */
  polled(data: string | Buffer): void {
    this.#inRequest += 1;
    if (this.#take !== undefined && this.#inRequest > MOST_IN_REQUEST) this.#tooMany();
    else this.#count(data.length, this.#clock.now());
  }

  #count(bytes: number, now: number): boolean {
    if (this.#transport.ended) return false;
    if (this.#take === undefined || this.#take(bytes, now)) return true;
    this.#tooMany();
    return false;
  }
}
