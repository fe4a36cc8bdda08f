import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * The network between the clients of a lane and its server: a TCP proxy with one address, whatever process serves behind it.
 * While it is cut, connections break and none can be opened.
 */
export class Link {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #port: number | undefined;
  #cuts = 0;

  private constructor() {
    this.#server = createServer((client) => this.#pass(client));
  }

  static async open(): Promise<Link> {
    const link = new Link();
    link.#server.listen(0, '127.0.0.1');
    await once(link.#server, 'listening');
    return link;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on it leads to the server at this URL. */
  leadTo(url: string): void {
    this.#port = Number(new URL(url).port);
  }

  /** Returns a function that heals this cut; while another one lasts, the link stays cut. */
  cut(): () => void {
    this.#cuts += 1;
    for (const socket of this.#open) socket.destroy();
    let healed = false;
    return () => {
      if (!healed) this.#cuts -= 1;
      healed = true;
    };
  }

  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(client: Socket): void {
    if (this.#cuts > 0 || this.#port === undefined) {
      client.destroy();
      return;
    }
    const server = connect(this.#port, '127.0.0.1');
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.once('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
