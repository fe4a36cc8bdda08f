import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * One address before several nodes: each TCP connection goes to the next one that takes it, and stays there. With
 * WebSocket alone that is all the stickiness that Socket.IO needs.
 */
export class Balancer {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #ports: readonly number[];
  #next = 0;

  private constructor(urls: readonly string[]) {
    this.#ports = urls.map(portOf);
    this.#server = createServer((client) => this.#try(client, this.#ports.length));
  }

  static async start(urls: readonly string[]): Promise<Balancer> {
    const balancer = new Balancer(urls);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Where new connections go from now on; those that are open stay. */
  use(urls: readonly string[]): void {
    this.#ports = urls.map(portOf);
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #try(client: Socket, attempts: number): void {
    client.on('error', () => client.destroy());
    const port = this.#ports[this.#next++ % this.#ports.length];
    if (port === undefined || attempts === 0) return void client.destroy();
    const server = connect(port, '127.0.0.1');
    server.once('error', () => this.#try(client, attempts - 1));
    server.once('connect', () => {
      server.removeAllListeners('error');
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#open.add(from);
        from.setNoDelay(true);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#open.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
  }
}

const portOf = (url: string): number => Number(new URL(url).port);
