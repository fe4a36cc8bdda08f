import { createHistogram, performance, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { AuthSocket } from '../strategies/shared/auth-socket.ts';
import type { CreateClient, StrategyClient } from '../strategies/strategy.ts';
import type { TestUser } from './app.ts';

interface SignedIn {
  readonly user: TestUser;
  readonly client: StrategyClient;
}

/** What was done so far. Any wrong answer makes the measurement void. */
export interface Done {
  readonly count: number;
  readonly wrong: number;
}

const PING = { text: 'ping' };
const FORGED = { auth: { token: 'a.b.c', wsToken: 'a.b.c' }, extraHeaders: { cookie: 'sid=s%3Aa.b' } };

/** One server as its load sees it: the clients that are signed in to it, and what they do. */
export class LoadTarget {
  readonly #url: string;
  readonly #createClient: CreateClient;
  readonly #signedIn: SignedIn[] = [];
  #sockets: AuthSocket[] = [];
  #stop = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #histogram: RecordableHistogram = createHistogram();
  #count = 0;
  #timed = false;
  #wrong = 0;

  constructor(url: string, createClient: CreateClient) {
    this.#url = url;
    this.#createClient = createClient;
  }

  /** Signs each user in over HTTP, a few at a time. */
  async signIn(users: readonly TestUser[]): Promise<void> {
    for (let start = 0; start < users.length; start += 20) {
      const batch = users.slice(start, start + 20).map(async (user): Promise<SignedIn> => {
        const client = this.#createClient({ url: this.#url });
        await client.signIn(user.username, user.password);
        return { user, client };
      });
      this.#signedIn.push(...(await Promise.all(batch)));
    }
  }

  /** The code under which a client with a forged credential is refused; null where it is let in. */
  async refusal(): Promise<string | null> {
    const forged = { ...this.#createClient({ url: this.#url }), expiresAt: undefined, connectOptions: () => FORGED };
    try {
      (await AuthSocket.connect(forged, `${this.#url}/chat`, { recover: false })).close();
      return null;
    } catch (error) {
      return (error as { code?: string }).code ?? 'unknown';
    }
  }

  /** Opens one connection for each signed-in user up to `total`, and has each say who it is. */
  async connect(total: number): Promise<void> {
    for (let start = this.#sockets.length; start < total; start += 50) {
      const batch = this.#signedIn.slice(start, Math.min(start + 50, total));
      const opened = await Promise.all(batch.map((one) => this.#open(one)));
      await Promise.all(opened.map((socket, index) => this.#say(batch[index]!, socket)));
      this.#sockets.push(...opened);
    }
    if (this.#wrong > 0) throw new Error('A connection was answered as somebody else');
  }

  /**
   * Closed loop: `inFlight` messages at any time on each connection. Plain emits with plain acks: on a cheap server
   * the generator is the dearer half, and whatever it spends is not load.
   */
  load(inFlight: number): void {
    const { signal } = (this.#stop = new AbortController());
    this.#running = Promise.all(
      this.#sockets.flatMap(({ socket }, index) =>
        Array.from({ length: inFlight }, () => this.#keepSaying(socket, this.#signedIn[index]!.user.subject, signal)),
      ),
    );
  }

  /** Connect, authenticate, one message, leave: over and over, by `width` clients at a time. Times the handshake. */
  churn(width: number): void {
    const { signal } = (this.#stop = new AbortController());
    this.#running = Promise.all(this.#signedIn.slice(0, width).map((one) => this.#keepComing(one, signal)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    // An answer that never comes is told by what was not done, and not waited for.
    await Promise.race([this.#running, delay(1000, undefined, { ref: false })]);
  }

  leave(): void {
    for (const socket of this.#sockets) socket.close();
    this.#sockets = [];
  }

  /** Whether what follows is timed. */
  done(timed: boolean): Done {
    this.#timed = timed;
    return { count: this.#count, wrong: this.#wrong };
  }

  /** Of all that was timed since the last call, in ms. */
  latencies(): { p50: number; p99: number } {
    const ms = (percentile: number) => (this.#histogram.count === 0 ? 0 : this.#histogram.percentile(percentile) / 1e6);
    const found = { p50: ms(50), p99: ms(99) };
    this.#histogram = createHistogram();
    return found;
  }

  /** In the subject's own room, so that a message is answered and goes to nobody else. */
  #open({ user, client }: SignedIn): Promise<AuthSocket> {
    return AuthSocket.connect(client, `${this.#url}/chat`, { auth: { room: user.subject } });
  }

  async #say({ user }: SignedIn, socket: AuthSocket): Promise<void> {
    const { from } = await socket.request<{ from: string }>('sendMessage', PING);
    if (from !== user.subject) this.#wrong += 1;
  }

  #record(ms: number): void {
    this.#count += 1;
    if (this.#timed) this.#histogram.record(Math.max(1, Math.round(ms * 1e6)));
  }

  #keepSaying(socket: AuthSocket['socket'], subject: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      let sentAt = 0;
      const answered = (answer: { from?: string }): void => {
        const now = performance.now();
        this.#record(now - sentAt);
        if (answer.from !== subject) this.#wrong += 1;
        if (signal.aborted) resolve();
        else send(now);
      };
      const send = (now: number): void => {
        sentAt = now;
        socket.emit('sendMessage', PING, answered);
      };
      send(performance.now());
    });
  }

  /** A failure is a wrong answer, and ends the lane. */
  async #keepComing(one: SignedIn, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const startedAt = performance.now();
        const socket = await this.#open(one);
        const handshake = performance.now() - startedAt;
        await this.#say(one, socket);
        socket.close();
        this.#record(handshake);
      }
    } catch {
      this.#wrong += 1;
    }
  }
}
