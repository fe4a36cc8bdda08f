import { ChatService } from '../../gateways/example/chat.service.ts';
import type { Server } from 'socket.io';
import type { ConnectionCounters } from '../../gateways/connections/counters.ts';
import { type AppOptions, type RunningApp, startApp, type TestUser } from './app.ts';
import { AuthError, AuthSocket, type AuthSocketOptions } from '../../strategies/shared/client/auth-socket.ts';
import type { ClientOptions, CreateClient, Strategy, StrategyClient, VariantName } from '../../strategies/strategy.ts';
import { presenting } from './client-connection.ts';
import { ManualClock } from './manual-clock.ts';
import { RawTransport } from './raw-transport.ts';
import { WireLog } from './wire-log.ts';

/** A connection that takes what it gets, as one with a stolen credential would. */
export const passive = { recover: false, ackTimeout: 2000 } as const;

/** What a client puts into `io(url, ...)`. */
export type Presented = ReturnType<StrategyClient['connectOptions']>;

/** A fresh server and clock, and everything that was opened on them. */
export class Scenario {
  readonly app: RunningApp;
  readonly clock: ManualClock;
  readonly wire: WireLog;
  readonly #createClient: CreateClient;
  readonly #sockets: AuthSocket[] = [];
  readonly #transports: RawTransport[] = [];
  #users = 0;

  private constructor(app: RunningApp, clock: ManualClock, wire: WireLog, createClient: CreateClient) {
    this.app = app;
    this.clock = clock;
    this.wire = wire;
    this.#createClient = createClient;
  }

  static async start(strategy: Strategy, variant: VariantName, options: AppOptions = {}): Promise<Scenario> {
    const clock = new ManualClock();
    let wire!: WireLog;
    const onServer = (server: Server): void => {
      wire = WireLog.of(server);
      options.onServer?.(server);
    };
    const app = await startApp(strategy, { variant, clock, ...options, onServer });
    const { createClient } = await strategy.client();
    return new Scenario(app, clock, wire, createClient);
  }

  user(roles: readonly string[] = []): Promise<TestUser> {
    this.#users += 1;
    return this.app.addUser(`user-${this.#users}`, roles);
  }

  client(options: Pick<ClientOptions, 'fetch'> = {}): StrategyClient {
    return this.#createClient({ url: this.app.url, ...options });
  }

  async signedIn(user: TestUser): Promise<StrategyClient> {
    const client = this.client();
    await client.signIn(user.username, user.password);
    // Whatever happens next happens at a later time than this was issued.
    this.clock.advance(1);
    return client;
  }

  async connect(client: StrategyClient, options: AuthSocketOptions = {}, namespace = '/chat'): Promise<AuthSocket> {
    const now = () => this.clock.now();
    const socket = await AuthSocket.connect(client, this.app.url + namespace, { now, ...options });
    this.#sockets.push(socket);
    return socket;
  }

  /** Connects with what `client` presents now, whatever becomes of the client. */
  async connectAsThief(client: StrategyClient, namespace = '/chat'): Promise<AuthSocket> {
    return this.connectWith(client.connectOptions(), namespace);
  }

  /** Connects with exactly this, whoever it is of, and renews nothing. */
  async connectWith(presented: Presented, namespace = '/chat', options: AuthSocketOptions = {}): Promise<AuthSocket> {
    return this.connect(presenting(this.client(), presented), { ...passive, ...options }, namespace);
  }

  /** A transport that speaks Socket.IO's frames, with the headers of these options. */
  async raw({ extraHeaders = {} }: Presented = {}): Promise<RawTransport> {
    const transport = await RawTransport.open(this.app.url, extraHeaders);
    this.#transports.push(transport);
    return transport;
  }

  /** Whatever the server had begun and needs no time for is done by then. */
  async roundTrip(): Promise<void> {
    await (await fetch(this.app.url)).text();
  }

  /** Whether the server's counters come to be as they should within 2 s. */
  async until(holds: (counters: ConnectionCounters) => boolean): Promise<boolean> {
    const deadline = Date.now() + 2000;
    while (!holds(this.app.counters()) && Date.now() < deadline) await this.roundTrip();
    return holds(this.app.counters());
  }

  async dispose(): Promise<void> {
    for (const socket of this.#sockets) socket.close();
    for (const transport of this.#transports) transport.close();
    await this.app.close();
  }
}

/** The code under which `action` was refused, or its connection was cut meanwhile; undefined where it went through. */
export async function refusalOf(action: Promise<unknown>): Promise<string | undefined> {
  try {
    await action;
    return undefined;
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: unknown };
    return (cause instanceof AuthError && code === 'connection-lost' ? cause.code : code) ?? String(error);
  }
}

export const say = (socket: AuthSocket, text = 'hello') =>
  socket.request<{ from: string; id: string }>('sendMessage', { text }, { retry: true });

/** Whether a notification sent now reaches the socket: one that was cut or left out does not get it. */
export async function delivered(scenario: Scenario, listener: AuthSocket, subject: string): Promise<boolean> {
  const over = new Promise<false>((resolve) => {
    if (!listener.socket.connected) resolve(false);
    listener.socket.once('disconnect', () => resolve(false));
  });
  const got = new Promise<true>((resolve) => listener.socket.once('notification', () => resolve(true)));
  scenario.app.push(subject, { text: 'news' });
  return Promise.race([got, over]);
}

/** How often something was said since. */
export function countPosts(scenario: Scenario): () => number {
  const chat = scenario.app.app.get(ChatService, { strict: false });
  const post = chat.post.bind(chat);
  let count = 0;
  chat.post = (...message) => {
    count += 1;
    return post(...message);
  };
  return () => count;
}
