import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What the network does to the connections through it. */
export type Toxic = 'none' | 'refused' | 'frozen' | 'subscriptions-frozen' | 'stalled';

interface Through {
  readonly client: Socket;
  readonly server: Socket;
  subscribed: boolean;
}

/**
 * A TCP proxy before a store that can fail as networks do: refuse, be slow, or go silent with every connection open; and
 * as a store that stands still does: `stalled`, what is sent arrives once it has healed.
 */
export class ToxicProxy {
  readonly #server: Server;
  readonly #target: number;
  readonly #open = new Set<Through>();
  readonly #held: (() => void)[] = [];
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

  /** `none` heals: unless it was stalled, what was sent meanwhile is gone, as where a network drops packets for long. */
  set(toxic: Toxic): void {
    const stalled = this.#toxic === 'stalled';
    const healed = this.#toxic !== 'none' && toxic === 'none';
    this.#toxic = toxic;
    const held = this.#held.splice(0);
    if (stalled && healed) for (const pass of held) pass();
    else if (toxic === 'refused' || healed) this.#dropAll();
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
    if (this.#toxic === 'stalled') return void this.#held.push(() => to.write(piece));
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
