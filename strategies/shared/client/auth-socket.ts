import { io, type Socket } from 'socket.io-client';
import type { IssuedCredential, StrategyClient } from '../../strategy.ts';
import { backOff, type Deferred, withResolvers } from './client-promises.ts';
import { begun, type Effect, type Event, next, type State, type Step } from './connection-protocol.ts';
import { accepted, AuthError, codeOf } from '../errors.ts';
import { type RefusalCode, type RefusalNotice, refusals } from '../refusals.ts';

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
 * A connection that outlives its credential, over any strategy's client: it acknowledges issued credentials, renews once
 * however many messages fail at once, retries each of those once, and comes back after a cut where the refusal's
 * action says that this can help. What it does when is in `connection-protocol.ts`; this class performs it.
 */
export class AuthSocket {
  /** The plain socket, for its events. */
  readonly socket: Socket;
  readonly counters: AuthSocketCounters = { renewals: 0, reconnects: 0, retries: 0 };
  readonly #client: StrategyClient;
  readonly #ackTimeout: number;
  readonly #opened = withResolvers<void>();
  readonly #ended = withResolvers<RefusalCode>();
  /** The promise that `renew` returned last, until it is settled. */
  #renewal: Deferred<void> | undefined;
  /** Aborted when the task under way no longer counts. */
  #task = new AbortController();
  #lastCut: RefusalCode | undefined;
  #state: State;

  private constructor(
    client: StrategyClient,
    url: string,
    { ackTimeout = 5000, recover = true, ...rest }: AuthSocketOptions,
  ) {
    this.#client = client;
    this.#ackTimeout = ackTimeout;
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
    this.#listen(recover);
    const [state, effects] = begun(recover);
    this.#state = state;
    this.#perform(effects);
  }

  /**
   * Connects to a namespace.
   * @throws AuthError with the code under which the connection was refused
   */
  static async connect(client: StrategyClient, url: string, options: AuthSocketOptions = {}): Promise<AuthSocket> {
    await client.prepare?.();
    const connection = new AuthSocket(client, url, options);
    await connection.#opened.promise;
    return connection;
  }

  /** Resolves with the code under which the connection ended for good. */
  get ended(): Promise<RefusalCode> {
    return this.#ended.promise;
  }

  /** The code of the last cut, where the server gave one. */
  get lastCut(): RefusalCode | undefined {
    return this.#lastCut;
  }

  /**
   * Sends an event and resolves with its ack. Refused for expiry, or cut for it before an answer came, it renews and
   * sends once more: a handler may see a message twice.
   * @throws AuthError with the refusal's code; `unavailable` where no answer came in time
   */
  async request<T>(event: string, data: unknown): Promise<T> {
    try {
      return accepted(await this.#send(event, data)) as T;
    } catch (error) {
      const renew = this.#state.recover && error instanceof AuthError && refusals[error.code].action === 'renew';
      if (!renew) throw error;
      await this.renew();
      this.counters.retries += 1;
      return accepted(await this.#send(event, data)) as T;
    }
  }

  /** One renewal, however many ask for it. @throws AuthError */
  renew(): Promise<void> {
    this.#renewal ??= withResolvers<void>();
    const { promise } = this.#renewal;
    this.#tell({ type: 'wanted' });
    return promise;
  }

  close(): void {
    this.#tell({ type: 'closed', error: this.#lost() });
  }

  #listen(recover: boolean): void {
    const { socket } = this;
    socket.on('connect', () => this.#tell({ type: 'connected' }));
    socket.on('connect_error', (cause: Error & { data?: { code?: string } }) => {
      socket.disconnect();
      this.#tell({ type: 'refused', error: new AuthError(codeOf(cause.data?.code), { cause }) });
    });
    socket.on('disconnect', (reason) => {
      if (reason === 'io client disconnect') return;
      // Without recovery, the cut tells why, however the transport ended.
      const told = reason === 'io server disconnect' || !recover;
      this.#tell({ type: 'lost', error: told ? this.#lost() : new AuthError('unavailable') });
    });
    socket.on('auth:credential', (issued: IssuedCredential, ack?: () => void) => {
      this.#client.accept?.(issued);
      ack?.();
    });
    // A newer server may have codes that this table lacks.
    socket.on('auth:cut', (notice?: Partial<RefusalNotice>) => (this.#lastCut = codeOf(notice?.code)));
    if (recover) socket.on('auth:renew', () => this.#tell({ type: 'prompted' }));
  }

  #tell(event: Event): void {
    const before = this.#state.phase;
    const [state, effects]: Step = next(this.#state, event);
    this.#state = state;
    if (state.phase.at !== before.at) this.#task.abort();
    this.#perform(effects);
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.#performOne(effect);
  }

  #performOne(effect: Effect): void {
    switch (effect.do) {
      case 'connect':
        return this.#connect();
      case 'disconnect':
        return void this.socket.disconnect();
      case 'close-transport':
        return void this.socket.io.engine.close();
      case 'ask':
        return this.#start((signal) => this.#ask(signal));
      case 'exchange':
        return this.#start(() => this.#exchange());
      case 'wait':
        return this.#start((signal) => backOff(effect, signal).then(() => ({ type: 'waited' })));
      case 'settle':
        if (effect.error === undefined) this.#renewal?.resolve();
        else this.#renewal?.reject(effect.error);
        this.#renewal = undefined;
        return;
      case 'count':
        this.counters[effect.what] += 1;
        return;
      case 'opened':
        return this.#opened.resolve();
      case 'end':
        this.#opened.reject(effect.error);
        return this.#ended.resolve(effect.error.code);
    }
  }

  #connect(): void {
    this.#lastCut = undefined;
    const { extraHeaders } = this.#client.connectOptions();
    if (extraHeaders) this.socket.io.opts.extraHeaders = extraHeaders;
    this.socket.connect();
  }

  /** Runs a task. Its event is told when it is done, unless another task has begun or the phase has changed by then. */
  #start(task: (signal: AbortSignal) => Promise<Event>): void {
    this.#task.abort();
    const { signal } = (this.#task = new AbortController());
    void task(signal).then((event) => (signal.aborted ? undefined : this.#tell(event)));
  }

  async #ask(signal: AbortSignal): Promise<Event> {
    let answered = false;
    try {
      const credential = await this.#client.renewal?.();
      if (credential === undefined) return { type: 'not-in-band' };
      // The token must not be spent for a connection that is lost already.
      signal.throwIfAborted();
      this.#tell({ type: 'sent' });
      const answer = await this.#send('auth:renew', credential);
      answered = true;
      const { credential: issued } = accepted(answer) as { credential?: IssuedCredential };
      if (issued !== undefined) this.#client.accept?.(issued);
      return { type: 'issued' };
    } catch (error) {
      return { type: 'denied', error: asAuthError(error), answered };
    }
  }

  async #exchange(): Promise<Event> {
    try {
      if (await this.#client.renew()) return { type: 'exchanged' };
      return { type: 'not-exchanged', error: new AuthError('unauthenticated') };
    } catch (error) {
      return { type: 'not-exchanged', error: asAuthError(error) };
    }
  }

  /** The ack, whatever it says. */
  async #send(event: string, data: unknown): Promise<unknown> {
    try {
      if (this.#state.phase.at === 'ended') throw new Error('The connection has ended');
      return await this.socket.timeout(this.#ackTimeout).emitWithAck(event, data);
    } catch (cause) {
      throw this.#lost(cause);
    }
  }

  /** Why a connection is lost: as the last cut says, where there was one. */
  #lost(cause?: unknown): AuthError {
    return new AuthError(this.#lastCut ?? 'unavailable', { cause });
  }
}

const asAuthError = (error: unknown): AuthError =>
  error instanceof AuthError ? error : new AuthError('unavailable', { cause: error });
