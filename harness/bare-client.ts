import { io, type Socket } from 'socket.io-client';

/** The least that can load a server over Socket.IO: plain clients, plain emits, and a count. What a generator adds to it is its own. */
export class BareClient {
  readonly #sockets: Socket[];
  #running = false;
  #count = 0;

  private constructor(sockets: Socket[]) {
    this.#sockets = sockets;
  }

  static async connect(url: string, connections: number): Promise<BareClient> {
    const sockets = Array.from({ length: connections }, (_, index) =>
      io(`${url}/chat`, { transports: ['websocket'], forceNew: true, auth: { room: `bare-${index}` } }),
    );
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.once('connect', resolve))));
    return new BareClient(sockets);
  }

  get count(): number {
    return this.#count;
  }

  load(inFlight: number): void {
    this.#running = true;
    for (const socket of this.#sockets) {
      const send = (): void => {
        socket.emit('sendMessage', { text: 'ping' }, () => {
          this.#count += 1;
          if (this.#running) send();
        });
      };
      for (let message = 0; message < inFlight; message++) send();
    }
  }

  stop(): void {
    this.#running = false;
  }
}
