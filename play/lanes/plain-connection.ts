import { io, type Socket } from 'socket.io-client';
import type { ProbedConnection } from '../../harness/probes/routes.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';

/** How long a peer may take for an ack, in ms: some leave a refused message unanswered. */
const ANSWERS = 2000;
/** How long the first connection may take, in ms. */
const CONNECTS = 20_000;

/** The event that Nest answers a refused message by, with that message in it; the ack never comes. */
interface NestException {
  readonly cause?: { readonly data?: { readonly attempt?: number } };
}

/** A refusal or a failure under a code. */
class PlainError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** A connection as Socket.IO's documentation has it: it comes back after a lost network, and not after a server's disconnect. */
export class PlainConnection implements ProbedConnection {
  readonly socket: Socket;
  readonly counters = { renewals: 0, reconnects: 0, retries: 0 };
  readonly ended: Promise<string>;
  #attempts = 0;
  #end: (code: string) => void = () => {};

  private constructor(client: StrategyClient, url: string, room: string, reconnection: boolean) {
    const { extraHeaders } = client.connectOptions();
    this.socket = io(`${url}/chat`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection,
      reconnectionDelay: 500,
      reconnectionDelayMax: 2000,
      ...(extraHeaders && { extraHeaders }),
      auth: (send) => send({ room, ...client.connectOptions().auth }),
    });
    this.ended = new Promise((resolve) => (this.#end = resolve));
    const comesBack = (): boolean => reconnection && this.socket.active;
    this.socket.on('disconnect', () => comesBack() || this.#end('disconnected'));
    this.socket.on('connect_error', () => comesBack() || this.#end('refused'));
  }

  /** Connects; `recover`: it comes back after a lost network. */
  static async connect(
    client: StrategyClient,
    url: string,
    room: string,
    { recover = true }: { readonly recover?: boolean },
  ): Promise<PlainConnection> {
    const connection = new PlainConnection(client, url, room, recover);
    const { socket } = connection;
    const timeout = setTimeout(() => connection.close('unavailable'), CONNECTS);
    try {
      const opened = new Promise<undefined>((resolve) => socket.once('connect', () => resolve(undefined)));
      const code = await Promise.race([opened, connection.ended]);
      if (code === undefined) return connection;
      throw new PlainError(code);
    } finally {
      clearTimeout(timeout);
    }
  }

  async request(event: string, data: object): Promise<unknown> {
    if (!this.socket.connected) throw new PlainError('disconnected');
    const attempt = (this.#attempts += 1);
    let stop = (): void => {};
    const refused = new Promise<never>((_, reject) => {
      const onException = ({ cause }: NestException): void => {
        if (cause?.data?.attempt === attempt) reject(new PlainError('exception event'));
      };
      const onDisconnect = (): void => reject(new PlainError('disconnected'));
      this.socket.on('exception', onException).once('disconnect', onDisconnect);
      stop = () => this.socket.off('exception', onException).off('disconnect', onDisconnect);
    });
    const answered = this.socket
      .timeout(ANSWERS)
      .emitWithAck(event, { ...data, attempt })
      .catch(() => Promise.reject(new PlainError('no answer')));
    try {
      return await Promise.race([answered, refused]);
    } finally {
      stop();
      answered.catch(() => {});
    }
  }

  close(code = 'closed'): void {
    this.socket.disconnect();
    this.#end(code);
  }
}
