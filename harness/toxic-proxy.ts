import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What the network does to the connections through it. */
export type Toxic = 'none' | 'refused' | 'frozen' | 'subscriptions-frozen';

interface Through {
  readonly client: Socket;
  readonly server: Socket;
  subscribed: boolean;
}

/** A TCP proxy before a store that can fail as networks do: refuse, be slow, or go silent with every connection open. */
export class ToxicProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #open = new Set<Through>();
  #toxic: Toxic = 'none';
  /** How long each piece is held back, in ms. */
  latency = 0;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#through(client));
  }

  /** Before a port of the loopback interface. */
  static async start(target: number): Promise<ToxicProxy> {
    const proxy = new ToxicProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** `none` heals: what was held back is gone, as it is where a network drops packets for long. */
  set(toxic: Toxic): void {
    const healed = this.#toxic !== 'none' && toxic === 'none';
    this.#toxic = toxic;
    if (toxic === 'refused' || healed) this.#dropAll();
  }

  async stop(): Promise<void> {
    this.#dropAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #through(client: Socket): void {
    if (this.#toxic === 'refused') return void client.destroy();
    const server = connect(this.#target, '127.0.0.1');
    const through: Through = { client, server, subscribed: false };
    this.#open.add(through);
    const end = (): void => {
      this.#open.delete(through);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    client.on('data', (piece) => {
      through.subscribed ||= /subscribe/i.test(piece.toString('latin1'));
      this.#pass(through, server, piece);
    });
    server.on('data', (piece) => this.#pass(through, client, piece));
  }

  #pass(through: Through, to: Socket, piece: Buffer): void {
    const isFrozen = (): boolean =>
      this.#toxic === 'frozen' || (this.#toxic === 'subscriptions-frozen' && through.subscribed);
    if (isFrozen()) return;
    if (this.latency === 0) to.write(piece);
    else setTimeout(() => isFrozen() || to.write(piece), this.latency);
  }

  #dropAll(): void {
    for (const { client, server } of this.#open) {
      client.destroy();
      server.destroy();
    }
    this.#open.clear();
  }
}
