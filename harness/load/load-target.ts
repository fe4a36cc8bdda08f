import { performance } from 'node:perf_hooks';
import { systemClock } from '../../strategies/shared/clock.ts';
import { inTime } from '../../strategies/shared/in-time.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import type { TestUser } from '../app/app.ts';
import type { ClientHalf } from '../app/client-half.ts';
import { indices, keepSaying } from './closed-loop.ts';
import type { ClientConnection, Said } from '../app/client-connection.ts';
import { signInAll } from '../app/sign-in.ts';
import { LONGEST_ANSWER, InvalidCredentialProbes, type Presented } from '../probes/invalid-credential-probes.ts';
import { pace } from './pace.ts';
import { stayAwake } from './stay-awake.ts';
import { Stopwatch, type Timings } from './timings.ts';

interface SignedIn {
  readonly user: TestUser;
  readonly client: StrategyClient;
}

/** A message of an open loop on its way. */
interface Sent {
  /** ms of `performance.now()` */
  readonly intended: number;
  readonly timed: boolean;
}

/** What was done so far. Any wrong answer makes the measurement void. */
export interface Done {
  readonly count: number;
  readonly wrong: number;
  /** Messages that an open loop has sent. */
  readonly offered: number;
}

const LONGEST_STOP = 2000;

/** One server as its load sees it: the clients that are signed in to it, and what they do. */
export class LoadTarget {
  readonly #url: string;
  readonly #half: ClientHalf;
  readonly #signedIn: SignedIn[] = [];
  readonly #latency = new Stopwatch();
  readonly #lag = new Stopwatch();
  readonly probes: InvalidCredentialProbes;
  #connections: ClientConnection[] = [];
  #stop = new AbortController();
  /** Aborted once the last answers of a load are there, or are waited for no longer. */
  #over = new AbortController();
  /** ms of `performance.now()` */
  #begun = 0;
  #running: Promise<unknown> = Promise.resolve();
  readonly #outstanding = new Set<Sent>();
  #drained: (() => void) | undefined;
  #count = 0;
  #offered = 0;
  #timed = false;
  #wrong = 0;
  /** What answers took at the 99th percentile, in ms, at most so far. */
  #usual = 0;

  constructor(url: string, half: ClientHalf) {
    this.#url = url;
    this.#half = half;
    this.probes = new InvalidCredentialProbes(url, half);
  }

  /** Signs each user in over HTTP, a few at a time. */
  async signIn(users: readonly TestUser[]): Promise<void> {
    const clients = await signInAll(users, () => this.#half.createClient({ url: this.#url }));
    this.#signedIn.push(...clients.map((client, index) => ({ user: users[index]!, client })));
  }

  /** Whether a probe gets a message answered, where an answer is `expected` and where it is not. */
  intrude(presented: Presented, expected: boolean): Promise<boolean> {
    return this.probes.intrude(presented, expected, Math.max(this.#usual, this.#latency.p99));
  }

  /** Opens one connection for each signed-in user up to `total`, and has each say who it is. */
  async connect(total: number): Promise<void> {
    for (let start = this.#connections.length; start < total; start += 50) {
      const batch = this.#signedIn.slice(start, Math.min(start + 50, total));
      const opened = await Promise.all(batch.map((one) => this.#open(one)));
      await Promise.all(opened.map((connection, index) => this.#say(batch[index]!, connection)));
      this.#connections.push(...opened);
    }
    if (this.#wrong > 0) throw new Error('A connection was answered as somebody else');
  }

  /**
   * Closed loop: up to that many messages in flight, spread over the connections. A connection sends its share in one go,
   * and again when all are answered, so that a slow server gets as many a read as a fast one. Where there are more
   * connections than messages, each message goes to the next connection. Unless told otherwise, the process does not sleep meanwhile.
   */
  load(inFlight: number, awake = true): void {
    const signal = this.#begin();
    if (awake) stayAwake(this.#over.signal);
    const { length } = this.#connections;
    const lanes = Array.from({ length: Math.min(inFlight, length) }, (_, lane) =>
      this.#keepSaying(indices(lane, length, inFlight), Math.ceil((inFlight - lane) / length), signal),
    );
    this.#running = Promise.all(lanes);
  }

  /**
   * Open loop: messages at random times, `perSecond` on average, whatever becomes of those before. A latency runs from
   * when a message was to be sent, and how late it was sent is kept apart.
   */
  pace(perSecond: number, seed: number): void {
    const signal = this.#begin();
    const paced = pace({ perSecond, seed, signal }, (index, intended) => {
      if (this.#timed) this.#lag.record(performance.now() - intended);
      this.#ask(index % this.#connections.length, { intended, timed: this.#timed });
    });
    this.#running = paced.then(() => this.#allAnswered());
  }

  /** Connect, authenticate, one message, leave: over and over, by `width` clients at a time. Times the handshake. */
  churn(width: number): void {
    const signal = this.#begin();
    stayAwake(this.#over.signal);
    this.#running = Promise.all(this.#signedIn.slice(0, width).map((one) => this.#keepComing(one, signal)));
  }

  /**
   * Waits up to 2 s for outstanding answers. An open loop records those that are missing then at their age. Returns the
   * seconds since the load began.
   */
  async stop(): Promise<number> {
    this.#stop.abort();
    const ended = (): Promise<unknown> => this.#running;
    await inTime(systemClock, LONGEST_STOP, ended, () => undefined);
    this.#over.abort();
    const now = performance.now();
    for (const { intended, timed } of this.#outstanding) if (timed) this.#latency.record(now - intended);
    this.#outstanding.clear();
    return (now - this.#begun) / 1000;
  }

  leave(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections = [];
  }

  /** Times what follows, or no longer does. */
  time(on: boolean): void {
    this.#timed = on;
  }

  get done(): Done {
    return { count: this.#count, wrong: this.#wrong, offered: this.#offered };
  }

  /** What was timed since the last of these three counts, or does not; or nothing that was timed so far does. */
  keep(): void {
    this.#endStretch((times) => times.keep());
  }

  forget(): void {
    this.#endStretch((times) => times.forget());
  }

  clear(): void {
    this.#endStretch((times) => times.clear());
  }

  /** Of all that was kept. */
  get timings(): { latency: Timings; lag: Timings } {
    return { latency: this.#latency.kept, lag: this.#lag.kept };
  }

  #endStretch(end: (times: Stopwatch) => void): void {
    this.#usual = Math.max(this.#usual, this.#latency.p99);
    for (const times of [this.#latency, this.#lag]) end(times);
  }

  #begin(): AbortSignal {
    this.#stop = new AbortController();
    this.#over = new AbortController();
    this.#begun = performance.now();
    return this.#stop.signal;
  }

  #open({ user, client }: SignedIn): Promise<ClientConnection> {
    return this.#half.openConnection(client, this.#url, user.subject);
  }

  /** No answer is a wrong one. */
  async #say({ user }: SignedIn, connection: ClientConnection): Promise<void> {
    const said = () => new Promise<Said>((resolve) => connection.say(resolve));
    const { from } = await inTime<Said>(systemClock, LONGEST_ANSWER, said, () => ({}));
    if (from !== user.subject) this.#wrong += 1;
  }

  /** One message of an open loop: it is timed where it was sent while that was on, whenever its answer comes. */
  #ask(connection: number, sent: Sent): void {
    const { subject } = this.#signedIn[connection]!.user;
    this.#offered += 1;
    this.#outstanding.add(sent);
    this.#connections[connection]!.say((answer) => {
      this.#answered(answer, subject);
      if (this.#outstanding.delete(sent) && sent.timed) this.#latency.record(performance.now() - sent.intended);
      if (this.#outstanding.size === 0) this.#drained?.();
    });
  }

  #allAnswered(): Promise<void> {
    return new Promise((resolve) => {
      this.#drained = resolve;
      if (this.#outstanding.size === 0) resolve();
    });
  }

  #answered({ from }: Said, subject: string): void {
    this.#count += 1;
    if (from !== subject) this.#wrong += 1;
  }

  #keepSaying(connections: readonly number[], atOnce: number, signal: AbortSignal): Promise<void> {
    const speakers = connections.map((index) => ({
      connection: this.#connections[index]!,
      subject: this.#signedIn[index]!.user.subject,
    }));
    return keepSaying(speakers, atOnce, signal, (answer, subject, ms) => {
      this.#answered(answer, subject);
      if (this.#timed) this.#latency.record(ms);
    });
  }

  /** A failure is a wrong answer, and ends the lane. */
  async #keepComing(one: SignedIn, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const startedAt = performance.now();
        const connection = await this.#open(one);
        const handshake = performance.now() - startedAt;
        await this.#say(one, connection);
        connection.close();
        this.#count += 1;
        if (this.#timed) this.#latency.record(handshake);
      }
    } catch {
      this.#wrong += 1;
    }
  }
}
