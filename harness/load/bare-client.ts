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

  /** Closed loop, as the generator's: each connection sends so many in one go, and again when all are answered. */
  load(inFlight: number): void {
    this.#running = true;
    for (const socket of this.#sockets) {
      let open = 0;
      const answered = (): void => {
        this.#count += 1;
        open -= 1;
        if (open === 0 && this.#running) send();
      };
      const send = (): void => {
        open = inFlight;
        for (let message = 0; message < inFlight; message++) socket.emit('sendMessage', { text: 'ping' }, answered);
      };
      send();
    }
  }

  stop(): void {
    this.#running = false;
  }
}
