import { createConnection } from 'node:net';
import type { Secrets } from '../secrets.ts';
import { isSocketIo, TargetError } from '../target.ts';
import type { Carried, Credential } from '../description/credential.ts';
import type { OwnedServer } from '../description/owner.ts';
import type { Budget } from '../wire/budget.ts';
import type { OpenChannel } from '../wire/channel.ts';
import { Client } from '../wire/client.ts';
import { type Dialect, jsonFrames, socketIo } from '../wire/dialect.ts';
import { openPolling } from '../wire/polling.ts';
import { http } from '../wire/request.ts';
import { openWebSocket } from '../wire/web-socket.ts';

export type Transport = 'websocket' | 'polling';

const openers: Readonly<Record<Transport, OpenChannel>> = { websocket: openWebSocket, polling: openPolling };

export interface Opening {
  /** Sent as the header Origin, in place of the described one. */
  readonly origin?: string;
  readonly namespace?: string;
  /** Called once the channel is open: what it sends goes out in one burst with CONNECT. */
  readonly ahead?: (client: Client) => void;
}

/** How the audit reaches one described server. */
export class Link {
  readonly server: OwnedServer;
  readonly secrets: Secrets;
  readonly dialect: Dialect;
  readonly budget: Budget;
  transport: Transport = 'websocket';
  readonly #clients: Client[] = [];

  constructor(server: OwnedServer, secrets: Secrets, budget: Budget) {
    this.server = server;
    this.secrets = secrets;
    this.budget = budget;
    const { platform, frames } = server.description;
    this.dialect = platform === 'ws' ? jsonFrames(frames) : socketIo;
  }

  /** The transports to try, in their order. */
  get transports(): readonly Transport[] {
    const { transports, platform } = this.server.description;
    return transports ?? (platform === 'ws' ? ['websocket'] : ['websocket', 'polling']);
  }

  /** @throws TargetError where no server of the platform answers */
  async reach(): Promise<void> {
    const { platform, url } = this.server.description;
    if (platform === 'socket.io') return this.#requireSocketIo();
    if (!(await this.accepts())) throw new TargetError(`Cannot reach ${url}: nobody accepts a connection there`);
  }

  /** Whether the process still accepts connections: no frame is sent. */
  accepts(): Promise<boolean> {
    const { protocol, hostname, port } = new URL(this.server.description.url);
    const socket = createConnection({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
      timeout: 3000,
    });
    return new Promise((resolve) => {
      const settle = (accepted: boolean): void => {
        socket.destroy();
        resolve(accepted);
      };
      socket.once('connect', () => settle(true));
      socket.once('timeout', () => settle(false));
      socket.once('error', () => settle(false));
    });
  }

  /** @throws TargetError */
  async #requireSocketIo(): Promise<void> {
    const { url } = this.server.description;
    const { status, body } = await http(this.#address('polling', {}), this.#tls).catch((error: unknown) => {
      const { message } = error as Error;
      throw new TargetError(
        `Cannot reach ${url}: ${message.startsWith('no answer') ? 'it did not answer within 5 s' : message}`,
      );
    });
    if (isSocketIo({ status, body })) return;
    throw new TargetError(
      `${url} answers, but no Socket.IO server does at ${this.#path()}: change "path" (--path), or "platform" (--platform ws)`,
    );
  }

  /** Learns the secrets of a credential before it is sent. */
  learn(credential: Credential, value: unknown = credential.value): Carried {
    this.secrets.learn([credential.value, value]);
    return credential.carry(value);
  }

  /** @throws Unreachable, BudgetSpent */
  async open(carried: Carried, { origin, namespace, ahead }: Opening = {}): Promise<Client> {
    const { description } = this.server;
    const from = origin ?? description.origin;
    const client = await Client.open(
      {
        url: this.#address(this.transport, carried.query),
        headers: { ...description.headers, ...(from !== undefined && { origin: from }), ...carried.headers },
        namespace: namespace ?? description.namespace,
        auth: carried.auth,
        dialect: this.dialect,
        open: openers[this.transport],
        ...this.#tls,
        budget: this.budget,
        overhear: (frame) => this.secrets.overhear(frame),
      },
      ahead,
    );
    this.#clients.push(client);
    return client;
  }

  get clients(): readonly Client[] {
    return this.#clients;
  }

  closeAll(): void {
    for (const client of this.#clients) client.close();
  }

  get #tls() {
    const { tls } = this.server;
    return tls === undefined ? {} : { tls };
  }

  #path(): string {
    const { path, platform } = this.server.description;
    if (platform === 'ws') return path ?? '/';
    const given = path ?? '/socket.io/';
    return given.endsWith('/') ? given : `${given}/`;
  }

  #address(transport: Transport, query: Readonly<Record<string, string>>): string {
    const { url, platform } = this.server.description;
    const engine = platform === 'ws' ? {} : { EIO: '4', transport };
    const search = new URLSearchParams({ ...engine, ...query }).toString();
    return `${url}${this.#path()}${search === '' ? '' : `?${search}`}`;
  }
}
