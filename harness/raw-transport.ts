import { once } from 'node:events';
import { WebSocket } from 'ws';

/** One WebSocket spoken to in Socket.IO's own frames, so that a test can say what no client would. */
export class RawTransport {
  readonly frames: string[] = [];
  readonly closed: Promise<unknown>;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.closed = once(socket, 'close');
    socket.on('message', (data: Buffer) => {
      const frame = data.toString();
      if (frame === '2') socket.send('3');
      else this.frames.push(frame);
    });
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<RawTransport> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, { headers });
    const transport = new RawTransport(socket);
    await once(socket, 'open');
    return transport;
  }

  /** Sends CONNECT packets and whatever follows, in one burst. */
  send(...frames: string[]): void {
    for (const frame of frames) this.#socket.send(frame);
  }

  /** The first frame that matches, seen already or still to come; undefined where the transport closes first. */
  async frame(pattern: RegExp): Promise<string | undefined> {
    for (;;) {
      const found = this.frames.find((frame) => pattern.test(frame));
      if (found !== undefined || this.#socket.readyState === WebSocket.CLOSED) return found;
      await Promise.race([once(this.#socket, 'message'), this.closed]);
    }
  }

  close(): void {
    this.#socket.close();
  }
}

export const connectFrame = (namespace: string, auth: object = {}): string => `40${namespace},${JSON.stringify(auth)}`;

export const eventFrame = (namespace: string, event: string, data: unknown, ack = ''): string =>
  `42${namespace},${ack}${JSON.stringify([event, data])}`;
