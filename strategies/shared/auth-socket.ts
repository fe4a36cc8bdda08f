import { io, type Socket } from 'socket.io-client';
import type { Grant, StrategyClient } from '../strategy.ts';
import { backOff, opened, withResolvers } from './client-promises.ts';
import { accepted, AuthError, refusalIn } from './errors.ts';
import { type RefusalCode, type RefusalNotice, refusals } from './refusals.ts';

export interface AuthSocketOptions {
  /** Sent with each CONNECT, beside the credential: a room, for example. */
  readonly auth?: Readonly<Record<string, unknown>>;
  /** How long an ack may take, in ms. */
  readonly ackTimeout?: number;
  /** Renew, reconnect and retry by itself. Off: only what its caller asks for, as someone with a stolen credential. */
  readonly recover?: boolean;
  /** Passed to `io()` as they are. */
  readonly socket?: Parameters<typeof io>[1];
}

/** What happened to a connection, counted. */
export interface AuthSocketCounters {
  renewals: number;
  reconnects: number;
  retries: number;
}

/**
 * A connection that outlives its credential, over any strategy's client: it acknowledges grants, renews once
 * however many messages fail at once, retries each of those once, and comes back after a cut where the refusal's
 * action says that this can help.
 */
export class AuthSocket {
  /** The plain socket, for its events. */
  readonly socket: Socket;
  readonly counters: AuthSocketCounters = { renewals: 0, reconnects: 0, retries: 0 };
  readonly #client: StrategyClient;
  readonly #options: Required<Pick<AuthSocketOptions, 'ackTimeout' | 'recover'>>;
  readonly #ended = withResolvers<RefusalCode>();
  /** Aborted by `close`. */
  readonly #closing = new AbortController();
  #renewal: Promise<void> | undefined;
  /** A renewal was asked for on the connection, and what came of it is not known. */
  #unanswered = false;
  #lastCut: RefusalNotice | undefined;
  #attempts = 0;
  #opening: Promise<void> | undefined;
  #comingBack = false;
  #over = false;

  private constructor(
    client: StrategyClient,
    url: string,
    { ackTimeout = 5000, recover = true, ...rest }: AuthSocketOptions,
  ) {
    this.#client = client;
    this.#options = { ackTimeout, recover };
    const { extraHeaders } = client.connectOptions();
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      autoConnect: false,
      // Whether coming back can help is told by the refusal's action, which the manager does not know.
      reconnection: false,
      withCredentials: true,
      ...(extraHeaders && { extraHeaders }),
      ...rest.socket,
      auth: (send) => send({ ...rest.auth, ...client.connectOptions().auth }),
    });
    this.socket.on('auth:grant', (grant: Grant, ack: () => void) => {
      client.accept?.(grant);
      ack();
    });
    this.socket.on('auth:cut', (notice: RefusalNotice) => (this.#lastCut = notice));
    if (recover) this.#recoverByItself();
    else this.socket.on('disconnect', () => this.#end());
  }

  /**
   * Connects to a namespace.
   * @throws AuthError with the code under which the connection was refused
   */
  static async connect(client: StrategyClient, url: string, options: AuthSocketOptions = {}): Promise<AuthSocket> {
    const connection = new AuthSocket(client, url, options);
    try {
      await connection.#open();
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  /** Resolves with the code under which the connection ended for good. */
  get ended(): Promise<RefusalCode> {
    return this.#ended.promise;
  }

  /** The code of the last cut, where the server gave one. */
  get lastCut(): RefusalCode | undefined {
    return this.#lastCut?.code;
  }

  /**
   * Sends an event and resolves with its ack. Refused for expiry, or cut for it before an answer came, it renews and
   * sends once more: a handler may see a message twice.
   * @throws AuthError with the refusal's code; `unavailable` where no answer came in time
   */
  async request<T>(event: string, data: unknown): Promise<T> {
    try {
      return await this.#ask<T>(event, data);
    } catch (error) {
      if (!this.#options.recover || !(error instanceof AuthError) || refusals[error.code].action !== 'renew')
        throw error;
      await this.renew();
      this.counters.retries += 1;
      return this.#ask<T>(event, data);
    }
  }

  /** One renewal, however many ask for it. @throws AuthError */
  renew(): Promise<void> {
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  close(): void {
    this.#closing.abort();
    this.socket.disconnect();
    this.#end();
  }

  async #renew(): Promise<void> {
    const credential = this.socket.connected ? await this.#client.renewal?.() : undefined;
    if (credential === undefined) {
      return this.#renewAndReconnect().catch((error: unknown) => {
        // It has closed the old connection, and could not open a new one.
        if (this.#options.recover && !this.socket.connected) this.#comeBack();
        throw error;
      });
    }
    this.#unanswered = true;
    const answer = await this.#send('auth:renew', credential);
    // Refused for another that is under way: what comes of that one is not known.
    this.#unanswered = refusalIn(answer)?.code === 'too-many-events';
    const { grant } = accepted(answer) as { grant?: Grant };
    if (grant !== undefined) this.#client.accept?.(grant);
    this.counters.renewals += 1;
  }

  /** Over HTTP; the connection then has to be opened anew with what came of it. */
  async #renewAndReconnect(): Promise<void> {
    if (!(await this.#client.renew())) throw new AuthError('unauthenticated');
    this.#unanswered = false;
    this.counters.renewals += 1;
    this.socket.disconnect();
    await this.#open();
    this.counters.reconnects += 1;
  }

  async #ask<T>(event: string, data: unknown): Promise<T> {
    return accepted(await this.#send(event, data)) as T;
  }

  /** The ack, whatever it says. */
  async #send(event: string, data: unknown): Promise<unknown> {
    if (this.#over) throw new AuthError(this.#lastCut?.code ?? 'unavailable');
    try {
      return await this.socket.timeout(this.#options.ackTimeout).emitWithAck(event, data);
    } catch (cause) {
      throw new AuthError(this.#lastCut?.code ?? 'unavailable', { cause });
    }
  }

  #open(): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.reject(new AuthError('unavailable'));
    this.#lastCut = undefined;
    const { extraHeaders } = this.#client.connectOptions();
    if (extraHeaders) this.socket.io.opts.extraHeaders = extraHeaders;
    this.#opening = opened(this.socket, this.#closing.signal).finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  #recoverByItself(): void {
    this.socket.on('auth:renew', () => void this.#renewInTime());
    this.socket.on('disconnect', (reason) => {
      if (reason === 'io client disconnect') return this.#closing.signal.aborted ? this.#end() : undefined;
      this.#comeBack(reason === 'io server disconnect' ? this.#lastCut : undefined);
    });
  }

  /**
   * The server asks ahead of a cut, and what helps is tried until then. What does not shows in the cut that follows.
   * A connection on which nothing is answered twice is given up: whoever asks again on another soon is no thief.
   */
  async #renewInTime(): Promise<void> {
    for (let attempts = 0; this.socket.connected;) {
      try {
        return await this.renew();
      } catch (error) {
        if (!(error instanceof AuthError) || refusals[error.code].action !== 'retry') return;
        const silent = this.#unanswered && error.code === 'unavailable';
        if (silent && attempts > 0) return void this.socket.io.engine.close();
        await backOff(attempts++, error.retryAfter);
      }
    }
  }

  /** Renews or retries, as the code says, until it is in again or told to stop. */
  #comeBack(cut?: RefusalNotice): void {
    if (this.#comingBack) return;
    this.#comingBack = true;
    void this.#tryToComeBack(cut?.code).finally(() => {
      this.#comingBack = false;
      // It was cut in the moment that it was in.
      if (!this.#closing.signal.aborted && !this.#over && !this.socket.connected) this.#comeBack(this.#lastCut);
    });
  }

  async #tryToComeBack(code: RefusalCode = 'unavailable', retryAfter?: number): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const { action } = refusals[code];
      if (action === 'stop') return this.#end(code);
      try {
        if (action === 'renew') return await this.#renewOnce();
        await backOff(this.#attempts++, retryAfter);
        // A renewal may be opening it anew already: a second CONNECT would be refused.
        await (this.#opening ?? this.#open());
        this.counters.reconnects += 1;
        this.#attempts = 0;
        // Its token may be spent: asked again soon, the same answer comes, and later on it would be a theft.
        if (this.#unanswered) void this.#renewInTime();
        return;
      } catch (error) {
        ({ code, retryAfter } = error instanceof AuthError ? error : new AuthError('unavailable'));
        if (action === 'renew' && refusals[code].action === 'renew') await backOff(this.#attempts++);
      }
    }
  }

  /** A message that was refused meanwhile may be renewing already; what it opened counts. */
  async #renewOnce(): Promise<void> {
    this.#renewal ??= this.#renewAndReconnect().finally(() => (this.#renewal = undefined));
    await this.#renewal;
    this.#attempts = 0;
  }

  #end(code: RefusalCode = this.#lastCut?.code ?? 'unavailable'): void {
    this.#over = true;
    this.#ended.resolve(code);
  }
}
