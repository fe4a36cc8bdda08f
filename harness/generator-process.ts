import { createHistogram, performance, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { AuthSocket } from '../strategies/shared/auth-socket.ts';
import { loadStrategy } from '../strategies/registry.ts';
import type { StrategyClient } from '../strategies/strategy.ts';
import type { TestUser } from './app.ts';
import { httpLeg } from './http-leg.ts';
import { type Handlers, serve } from './rpc.ts';

/** Messages or connections since the last mark, and how long each took. */
export interface Progress {
  readonly count: number;
  readonly seconds: number;
  /** ms */
  readonly p50: number;
  readonly p99: number;
  /** Answers that were not what they had to be. Any makes the block void. */
  readonly wrong: number;
}

interface SignedIn {
  readonly user: TestUser;
  readonly client: StrategyClient;
}

let url = '';
let strategyId = '';
const signedIn: SignedIn[] = [];
let sockets: AuthSocket[] = [];
let stop = new AbortController();
let running: Promise<unknown> = Promise.resolve();
let histogram: RecordableHistogram = createHistogram();
let [count, wrong, since] = [0, 0, 0];

function record(ms: number): void {
  count += 1;
  histogram.record(Math.max(1, Math.round(ms * 1e6)));
}

async function sayAs({ user }: SignedIn, socket: AuthSocket): Promise<void> {
  const { from } = await socket.request<{ from: string }>('sendMessage', { text: 'ping' });
  if (from !== user.subject) wrong += 1;
}

/** In the subject's own room, so that a message is answered and goes to nobody else. */
const open = ({ user, client }: SignedIn): Promise<AuthSocket> =>
  AuthSocket.connect(client, `${url}/chat`, { auth: { room: user.subject } });

/** Repeats `once`, which tells how many ms to record, in `width` lanes; a failure is a wrong answer, and ends its lane. */
function repeat(width: number, once: (lane: number) => Promise<number>): void {
  stop = new AbortController();
  running = Promise.all(
    Array.from({ length: width }, async (_, lane) => {
      try {
        while (!stop.signal.aborted) record(await once(lane));
      } catch {
        wrong += 1;
      }
    }),
  );
}

const PING = { text: 'ping' };

function keepSaying(socket: AuthSocket['socket'], index: number, done: () => void): void {
  const { subject } = signedIn[index]!.user;
  let sentAt = performance.now();
  const answered = (answer: { from?: string }): void => {
    const now = performance.now();
    record(now - sentAt);
    if (answer.from !== subject) wrong += 1;
    if (stop.signal.aborted) return done();
    sentAt = now;
    socket.emit('sendMessage', PING, answered);
  };
  socket.emit('sendMessage', PING, answered);
}

const handlers = {
  async target(server: string, strategy: string): Promise<void> {
    url = server;
    strategyId = strategy;
    await loadStrategy(strategy);
  },
  /** Signs each user in over HTTP, a few at a time. */
  async signIn(users: readonly TestUser[]): Promise<void> {
    const { createClient } = await (await loadStrategy(strategyId)).client();
    for (let start = 0; start < users.length; start += 20) {
      const batch = users.slice(start, start + 20).map(async (user): Promise<SignedIn> => {
        const client = createClient({ url });
        await client.signIn(user.username, user.password);
        return { user, client };
      });
      signedIn.push(...(await Promise.all(batch)));
    }
  },
  /** The code under which a client without a valid credential is refused; null where it is let in. */
  async refusal(): Promise<string | null> {
    const { createClient } = await (await loadStrategy(strategyId)).client();
    const forged = {
      ...createClient({ url }),
      expiresAt: undefined,
      connectOptions: () => ({ auth: { token: 'a.b.c', wsToken: 'a.b.c' }, extraHeaders: { cookie: 'sid=s%3Aa.b' } }),
    };
    try {
      const socket = await AuthSocket.connect(forged, `${url}/chat`, { recover: false });
      socket.close();
      return null;
    } catch (error) {
      return (error as { code?: string }).code ?? 'unknown';
    }
  },
  /** Opens one connection for each signed-in user up to `total`, and has each say who it is. */
  async connect(total: number): Promise<void> {
    for (let start = sockets.length; start < total; start += 50) {
      const batch = signedIn.slice(start, Math.min(start + 50, total));
      const opened = await Promise.all(batch.map(open));
      await Promise.all(opened.map((socket, index) => sayAs(batch[index]!, socket)));
      sockets.push(...opened);
    }
    if (wrong > 0) throw new Error('A connection was answered as somebody else');
  },
  /**
   * Closed loop: `inFlight` messages at any time on each connection. Plain emits with plain acks: on a cheap server
   * the generator is the dearer half, and whatever it spends is not load.
   */
  load(inFlight: number): void {
    stop = new AbortController();
    running = Promise.all(
      sockets.flatMap(({ socket }, index) =>
        Array.from({ length: inFlight }, () => new Promise<void>((resolve) => keepSaying(socket, index, resolve))),
      ),
    );
  },
  /** Connect, authenticate, one message, leave: over and over, by `width` clients at a time. Times the handshake. */
  churn(width: number): void {
    repeat(width, async (lane) => {
      const startedAt = performance.now();
      const socket = await open(signedIn[lane]!);
      const handshake = performance.now() - startedAt;
      await sayAs(signedIn[lane]!, socket);
      socket.close();
      return handshake;
    });
  },
  /** What was done since the last mark; starts the next. */
  mark(): Progress {
    const now = performance.now();
    const ms = (percentile: number) => (histogram.count === 0 ? 0 : histogram.percentile(percentile) / 1e6);
    const progress = { count, seconds: (now - since) / 1000, p50: ms(50), p99: ms(99), wrong };
    [count, wrong, since] = [0, 0, now];
    histogram = createHistogram();
    return progress;
  },
  async stop(): Promise<void> {
    stop.abort();
    // A lane whose ack never comes is told by the marks, not waited for.
    await Promise.race([running, delay(1000, undefined, { ref: false })]);
  },
  leave(): void {
    for (const socket of sockets) socket.close();
    sockets = [];
  },
  httpLeg,
} satisfies Handlers;

export type GeneratorHandlers = typeof handlers;

serve(handlers);
