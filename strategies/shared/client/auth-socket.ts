import type { Socket } from 'socket.io-client';
import type { IssuedCredential, StrategyClient } from '../../strategy.ts';
import { backOff, type Deferred, pause, withResolvers } from './client-promises.ts';
import { begun, type Effect, type Event, next, type State } from './connection-protocol.ts';
import { type ConnectionState, stateOf } from './connection-state.ts';
import { accepted, AuthError } from '../errors.ts';
import { ConnectionError, type Failure, type FailureCode, failureOf } from './failures.ts';
import type { RefusalCode } from '../refusals.ts';
import type { AuthSocketCounters, AuthSocketOptions, RequestOptions } from './auth-socket-options.ts';
import type { AnswerOf, AnyEvents, DataOf, EventsMap } from './typed-events.ts';
import { Wire } from './wire.ts';

export { AuthError } from '../errors.ts';
export { type RefusalAction, type RefusalCode, type RefusalNotice, refusals } from '../refusals.ts';
export type { AuthSocketCounters, AuthSocketOptions, RequestOptions } from './auth-socket-options.ts';
export type { ConnectionState } from './connection-state.ts';
export { ConnectionError, type Failure, type FailureCode, failures } from './failures.ts';
export type { EventsMap } from './typed-events.ts';
export type { StrategyClient } from '../../strategy.ts';

/**
 * A connection to one namespace that outlives its credential, with the client half of any strategy. It acknowledges issued
 * credentials and renews. If several messages fail for expiry, it renews once and sends each of them once more. After a loss it
 * reconnects, unless the failure's `action` is `stop`. `connection-protocol.ts` decides what it does next.
 *
 * @example
 * const chat = await AuthSocket.connect<ServerToClient, ClientToServer>(client, 'https://api.example/chat');
 * chat.on('state', ({ name }) => show(name));
 */
export class AuthSocket<Listen extends EventsMap = AnyEvents, Emit extends EventsMap = AnyEvents> {
  /** The plain socket, for its events. */
  readonly socket: Socket<Listen, Emit>;
  readonly counters: AuthSocketCounters = { renewals: 0, reconnects: 0, retries: 0 };
  readonly #client: StrategyClient;
  readonly #wire: Wire;
  readonly #opened = withResolvers<void>();
  readonly #ended = withResolvers<RefusalCode | FailureCode>();
  readonly #listeners = new Set<(state: ConnectionState) => void>();
  /** The promise that `renew` returned last, until it is settled. */
  #renewal: Deferred<void> | undefined;
  /** Aborted when the task under way no longer counts. */
  #task = new AbortController();
  /** How long the last back-off takes, in ms. */
  #delay = 0;
  #state: State;
  /** The state that the listeners were told last. */
  #shown: ConnectionState | undefined;

  private constructor(client: StrategyClient, url: string, { recover = true, onState, ...rest }: AuthSocketOptions) {
    this.#client = client;
    this.#wire = new Wire(client, url, rest);
    this.socket = this.#wire.socket;
    if (onState) this.on('state', onState);
    this.#wire.listen(recover, (event) => this.#tell(event));
    const [state, effects] = begun(recover);
    this.#state = state;
    this.#perform(effects);
  }

  /**
   * Connects to a namespace.
   * @throws AuthError with the code under which the connection was refused; ConnectionError where no answer came
   */
  static async connect<Listen extends EventsMap = AnyEvents, Emit extends EventsMap = AnyEvents>(
    client: StrategyClient,
    url: string,
    { signal, guest = false, ...options }: AuthSocketOptions = {},
  ): Promise<AuthSocket<Listen, Emit>> {
    await client.prepare?.().catch((error: Failure) => {
      if (!guest || error.code !== 'unauthenticated') throw error;
    });
    if (signal?.aborted) throw new ConnectionError('closed');
    const connection = new AuthSocket<Listen, Emit>(client, url, options);
    signal?.addEventListener('abort', () => connection.close());
    await connection.#opened.promise;
    return connection;
  }

  /** The same object until the state changes, as `useSyncExternalStore` of React requires. */
  get state(): ConnectionState {
    const state = stateOf(this.#state.phase, this.#delay);
    return state.name === this.#shown?.name ? this.#shown : state;
  }

  /** Calls `listener` with each new state. Returns a function that stops this. */
  on(_: 'state', listener: (state: ConnectionState) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Resolves with the code under which the connection ended for good. */
  get ended(): Promise<RefusalCode | FailureCode> {
    return this.#ended.promise;
  }

  /** The code of the last cut, where the server gave one. */
  get lastCut(): RefusalCode | undefined {
    return this.#wire.lastCut?.code;
  }

  /**
   * Sends an event and resolves with its ack. If it is refused as `expired`, this renews and sends the event once more.
   * @throws AuthError with the refusal's code; ConnectionError `no-answer` or `connection-lost` where the server may have
   * handled the event, `server-unreachable` where it was not sent, or `message-too-large`
   */
  request<Name extends keyof Emit & string>(
    event: Name,
    data: DataOf<Emit[Name]>,
    options?: RequestOptions,
  ): Promise<AnswerOf<Emit[Name]>>;
  request<T>(event: string extends keyof Emit ? string : never, data: unknown, options?: RequestOptions): Promise<T>;
  async request(event: string, data: unknown, { retry = false }: RequestOptions = {}): Promise<unknown> {
    try {
      return accepted(await this.#send(event, data));
    } catch (error) {
      const { action } = error as Failure;
      const helps = error instanceof AuthError ? action === 'renew' : retry && action === 'retry';
      if (!helps || !this.#state.recover) throw error;
      if (action === 'renew') await this.renew();
      this.counters.retries += 1;
      return accepted(await this.#send(event, data));
    }
  }

  /**
   * Signs a guest in on the open connection, with the credential that its client has by now. Nothing happens on the connection of
   * a user: CONNECT has carried the credential, for example after a loss.
   * @throws AuthError with the refusal's code, and ConnectionError: the guest stays one, and may try again
   */
  async signIn(): Promise<void> {
    const client = this.#client;
    const attempt = async () =>
      accepted(await this.#send('auth:signin', this.#wire.auth)) as { credential?: IssuedCredential };
    await client.prepare?.();
    try {
      const { credential } = await attempt().catch(async (error: Failure) => {
        if (error.action !== 'renew' || !(await client.renew())) throw error;
        return attempt();
      });
      if (credential !== undefined) await client.accept?.(credential);
    } catch (error) {
      if ((error as Failure).code !== 'unknown-event') throw error;
    }
  }

  /** Renews the credential. Calls at the same time share one renewal. @throws AuthError or ConnectionError */
  renew(): Promise<void> {
    this.#renewal ??= withResolvers<void>();
    const { promise } = this.#renewal;
    this.#tell({ type: 'wanted' });
    return promise;
  }

  close(): void {
    this.#tell({ type: 'closed', error: new ConnectionError('closed') });
  }

  #tell(event: Event): void {
    const before = this.#state.phase;
    const [state, effects] = next(this.#state, event);
    this.#state = state;
    if (state.phase.at !== before.at) this.#task.abort();
    this.#perform(effects);
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) this.#performOne(effect);
    const { state } = this;
    if (state === this.#shown) return;
    this.#shown = state;
    for (const listener of this.#listeners) listener(state);
  }

  #performOne(effect: Effect): void {
    switch (effect.do) {
      case 'connect':
        return this.#wire.connect();
      case 'disconnect':
        return void this.socket.disconnect();
      case 'close-transport':
        return void this.socket.io.engine.close();
      case 'ask':
        return this.#start((signal) => this.#ask(signal));
      case 'exchange':
        return this.#start(() => this.#exchange());
      case 'wait':
        this.#delay = backOff(effect);
        return this.#start((signal) => pause(this.#delay, signal).then(() => ({ type: 'waited' })));
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

  /** Runs a task. Its event is told when it is done, unless another task has begun or the phase has changed by then. */
  #start(task: (signal: AbortSignal) => Promise<Event>): void {
    this.#task.abort();
    const { signal } = (this.#task = new AbortController());
    void task(signal).then((event) => (signal.aborted ? undefined : this.#tell(event)));
  }

  async #ask(signal: AbortSignal): Promise<Event> {
    const client = this.#client;
    let answered = false;
    const renewal = async (): Promise<Event> => {
      const credential = await client.renewal?.();
      if (credential === undefined) return { type: 'not-in-band' };
      // The token must not be spent for a connection that is lost already.
      signal.throwIfAborted();
      this.#tell({ type: 'sent' });
      const answer = await this.#send('auth:renew', credential);
      answered = true;
      const { credential: issued } = accepted(answer) as { credential?: IssuedCredential };
      if (issued !== undefined) await client.accept?.(issued);
      return { type: 'issued' };
    };
    try {
      return await (client.exclusively?.(renewal) ?? renewal());
    } catch (error) {
      return { type: 'denied', error: failureOf(error), answered };
    }
  }

  async #exchange(): Promise<Event> {
    try {
      if (await this.#client.renew()) return { type: 'exchanged' };
      return { type: 'not-exchanged', error: new AuthError('unauthenticated') };
    } catch (error) {
      return { type: 'not-exchanged', error: failureOf(error) };
    }
  }

  /** The ack, whatever it says. */
  async #send(event: string, data: unknown): Promise<unknown> {
    const { phase } = this.#state;
    if (phase.at === 'ended') throw phase.error;
    return this.#wire.send(event, data);
  }
}
