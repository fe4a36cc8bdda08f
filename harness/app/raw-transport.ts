import { once } from 'node:events';
import { WebSocket } from 'ws';
import { systemClock } from '../../strategies/shared/clock.ts';
import { inTime } from '../../strategies/shared/in-time.ts';

/** How long a server may take for what it has to do, in ms. */
const PATIENCE = 2000;

/** How long an upgrade may take, in ms. */
const HANDSHAKE = 5000;
/** The largest message that is taken, in bytes, and how many: a server that floods is hung up on. */
const LARGEST = 1_000_000;
const MOST = 10_000;

/** Called with each frame that is sent (`>`) or received (`<`). */
export type OnFrame = (direction: '>' | '<', frame: string) => void;

/** The server answered the upgrade by an HTTP error, or by hanging up. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
}

/** One WebSocket spoken to in Socket.IO's own frames, so that a test can say what no client would. */
export class RawTransport {
  readonly frames: string[] = [];
  /** With the close code. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;

  readonly #onFrame: OnFrame;

  private constructor(socket: WebSocket, onFrame: OnFrame) {
    this.#socket = socket;
    this.#onFrame = onFrame;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('message', (data: Buffer) => {
      const frame = data.toString();
      if (frame === '2') return socket.send('3');
      onFrame('<', frame);
      this.frames.push(frame);
      if (this.frames.length >= MOST) socket.terminate();
    });
  }

  /** @throws UpgradeRefused, or the error of the network */
  static async open(
    url: string,
    headers: Record<string, string> = {},
    onFrame: OnFrame = () => {},
  ): Promise<RawTransport> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      headers,
      handshakeTimeout: HANDSHAKE,
      maxPayload: LARGEST,
    });
    const transport = new RawTransport(socket, onFrame);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', (error: NodeJS.ErrnoException) => {
        reject(error.code === 'ECONNRESET' ? new UpgradeRefused('The upgrade was cut off') : error);
      });
      socket.once('unexpected-response', (request, { statusCode }) => {
        reject(new UpgradeRefused(`The upgrade was answered by ${statusCode}`));
        request.destroy();
      });
    });
    return transport;
  }

  /** Sends CONNECT packets and whatever follows, in one burst. */
  send(...frames: string[]): void {
    for (const frame of frames) {
      this.#onFrame('>', frame);
      this.#socket.send(frame);
    }
  }

  /** The first frame that matches, seen already or still to come; undefined where the transport closes first, or it is late. */
  frame(pattern: RegExp): Promise<string | undefined> {
    return inTime(
      systemClock,
      PATIENCE,
      () => this.#frame(pattern),
      () => undefined,
    );
  }

  /** Whether the server closes it in time. */
  closes(): Promise<boolean> {
    return inTime(
      systemClock,
      PATIENCE,
      () => this.closed.then(() => true),
      () => false,
    );
  }

  async #frame(pattern: RegExp): Promise<string | undefined> {
    for (;;) {
      const found = this.frames.find((frame) => pattern.test(frame));
      if (found !== undefined || this.#socket.readyState === WebSocket.CLOSED) return found;
      await Promise.race([once(this.#socket, 'message'), this.closed]);
    }
  }

  /** Reads no more, as a client whose network has gone or who means harm. */
  pause(): void {
    this.#socket.pause();
  }

  close(): void {
    // Who reads nothing does not see the other side close either.
    if (this.#socket.isPaused) this.#socket.terminate();
    else this.#socket.close();
  }
}

export const connectFrame = (namespace: string, auth: object = {}): string => `40${namespace},${JSON.stringify(auth)}`;

export const eventFrame = (namespace: string, event: string, data: unknown, ack = ''): string =>
  `42${namespace},${ack}${JSON.stringify([event, data])}`;
