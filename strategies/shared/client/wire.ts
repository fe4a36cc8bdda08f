import { io, type Socket } from 'socket.io-client';
import type { IssuedCredential, StrategyClient } from '../../strategy.ts';
import { type AuthError, refusalOf } from '../errors.ts';
import type { Event } from './connection-protocol.ts';
import { ConnectionError } from './failures.ts';
import { isTooLarge, whyLost, whyNotOpened } from './socket-failures.ts';

/** How many prompts to renew may come at once. Later ones may come once a second. */
const MOST_PROMPTS = 60;

export interface WireOptions {
  /** Sent with each CONNECT beside the credential, for example a room. */
  readonly auth?: Readonly<Record<string, unknown>>;
  /** How long an ack may take, in ms. Default: 5000. */
  readonly ackTimeout?: number;
  /** Tells how long a connection lasted, in ms. Default: `performance.now`. */
  readonly now?: () => number;
  /** Passed to `io()` as they are. */
  readonly socket?: Parameters<typeof io>[1];
}

/** Socket.IO below a connection: it opens, sends, and tells what comes as an event of the protocol. */
export class Wire {
  readonly socket: Socket;
  readonly #client: StrategyClient;
  readonly #url: string;
  readonly #auth: WireOptions['auth'];
  /** The application's own. */
  readonly #headers: Readonly<Record<string, string>> | undefined;
  readonly #ackTimeout: number;
  readonly #now: () => number;
  #opened = false;
  /** When the connection was opened, in ms of `now`. */
  #openedAt = Infinity;
  #lastCut: AuthError | undefined;
  /** Prompts that may still come, and when the last one came, in ms of `now`. */
  #prompts = MOST_PROMPTS;
  #promptedAt = 0;
  /** Losses so far, and what those are told who wait for an answer at the last one. */
  #losses = 0;
  #loss = new ConnectionError('connection-lost');

  constructor(
    client: StrategyClient,
    url: string,
    { auth, ackTimeout = 5000, now = () => performance.now(), socket }: WireOptions,
  ) {
    this.#client = client;
    this.#url = url;
    this.#auth = auth;
    this.#ackTimeout = ackTimeout;
    this.#now = now;
    this.#headers = socket?.extraHeaders;
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      autoConnect: false,
      // Whether coming back can help is told by the refusal's action, which the manager does not know.
      reconnection: false,
      withCredentials: true,
      ...socket,
      auth: (send) => send(this.auth),
    });
  }

  /** What the next CONNECT carries. */
  get auth(): Record<string, unknown> {
    return { ...this.#auth, ...this.#client.connectOptions().auth };
  }

  /** The last cut, where the server told why. */
  get lastCut(): AuthError | undefined {
    return this.#lastCut;
  }

  listen(recover: boolean, tell: (event: Event) => void): void {
    const { socket } = this;
    socket.on('connect', () => {
      this.#opened = true;
      this.#openedAt = this.#now();
      tell({ type: 'connected' });
    });
    socket.on('connect_error', (cause) => {
      socket.disconnect();
      // The first failure is shown to a person.
      void whyNotOpened(cause, this.#url, !this.#opened).then((error) => tell({ type: 'refused', error }));
    });
    socket.on('disconnect', (reason, details) => {
      const lasted = this.#now() - this.#openedAt;
      this.#openedAt = Infinity;
      // Without recovery, the cut tells why, however the transport ended.
      const cut = reason === 'io server disconnect' || !recover ? this.#lastCut : undefined;
      const error = whyLost(reason, cut);
      this.#losses += 1;
      this.#loss = new ConnectionError(isTooLarge(details) ? 'message-too-large' : 'connection-lost', { cause: error });
      if (reason !== 'io client disconnect') tell({ type: 'lost', error, lasted });
    });
    socket.on('auth:credential', async (issued: IssuedCredential, ack?: unknown) => {
      try {
        await this.#client.accept?.(issued);
      } catch {
        // Without an ack, the server ends the connection, and the next one brings another credential.
        return;
      }
      if (typeof ack === 'function') ack();
    });
    // A newer server may have codes that this table lacks.
    socket.on('auth:cut', (notice: unknown) => (this.#lastCut = refusalOf(notice)));
    if (recover) {
      socket.on('auth:renew', () => {
        if (this.#heeds()) tell({ type: 'prompted', lasted: this.#now() - this.#openedAt });
      });
    }
  }

  /** Whether a prompt is within the limit: each may ask an identity provider for a token. An unheeded lease ends. */
  #heeds(): boolean {
    const now = this.#now();
    this.#prompts = Math.min(MOST_PROMPTS, this.#prompts + (now - this.#promptedAt) / 1000);
    this.#promptedAt = now;
    if (this.#prompts < 1) return false;
    this.#prompts -= 1;
    return true;
  }

  connect(): void {
    this.#lastCut = undefined;
    this.socket.io.opts.extraHeaders = { ...this.#headers, ...this.#client.connectOptions().extraHeaders };
    this.socket.connect();
  }

  /**
   * Resolves with the ack, whatever it says. Without a connection, it waits for the next one.
   * @throws ConnectionError
   */
  async send(event: string, data: unknown): Promise<unknown> {
    const { socket } = this;
    const losses = this.#losses;
    try {
      return await socket.timeout(this.#ackTimeout).emitWithAck(event, data);
    } catch (cause) {
      if (losses !== this.#losses) throw this.#loss;
      throw new ConnectionError(socket.connected ? 'no-answer' : 'server-unreachable', { cause });
    }
  }
}
