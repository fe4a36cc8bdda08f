import type { Socket } from 'socket.io-client';
import {
  AuthSocket,
  type AuthSocketCounters,
  type AuthSocketOptions,
  type RequestOptions,
} from '../../strategies/shared/client/auth-socket.ts';
import type { ConnectionState } from '../../strategies/shared/client/connection-state.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import type { EntrySpec } from '../app/entry.ts';

/** A connection as a probe uses it. An `AuthSocket` is one. */
export interface ProbedConnection {
  readonly socket: Socket;
  readonly counters: Readonly<AuthSocketCounters>;
  /** The state of a connection of the kit; a peer's has none. */
  readonly state?: ConnectionState;
  /** Resolves with the code under which it ended for good. */
  readonly ended: Promise<string>;
  /** Resolves with the ack; rejects where the server refuses the event, or does not answer it in time. */
  request(event: string, data: object, options?: RequestOptions): Promise<unknown>;
  close(): void;
}

type Connect = (
  client: StrategyClient,
  url: string,
  options?: Pick<AuthSocketOptions, 'recover'>,
) => Promise<ProbedConnection>;

/** How a probe talks to a server, and where it hears notifications. */
export interface ProbeRoutes {
  readonly talk: Connect;
  readonly listen: Connect;
  /** The event that subscribes a connection to notifications. */
  readonly subscription: readonly [event: string, data: object];
}

/** How a probe reaches the gateways of the kit. */
export const kitRoutes: ProbeRoutes = {
  talk: (client, url, options) => AuthSocket.connect(client, `${url}/chat`, options),
  listen: (client, url, options) => AuthSocket.connect(client, `${url}/notifications`, options),
  subscription: ['subscribe-to-notifications', {}],
};

/** How long a peer may take for an ack, in ms: some leave a refused message unanswered. */
const PEER_ANSWERS = 1000;

/**
 * How a probe reaches a peer. Notifications go to the room of their subject, which a guarded connection enters by its
 * first message. No peer renews a credential, so a connection that a peer ends has ended for good.
 */
const peerRoutes = (subject: string): ProbeRoutes => {
  const connect: Connect = async (client, url) => {
    const options = { recover: false, ackTimeout: PEER_ANSWERS, auth: { room: subject } };
    return new PeerConnection(await AuthSocket.connect(client, `${url}/chat`, options));
  };
  return { talk: connect, listen: connect, subscription: ['sendMessage', { text: 'subscribe' }] };
};

/** How to reach an entry's server as a client of `subject`. */
export const routesOf = ({ kind }: EntrySpec, subject: string): ProbeRoutes =>
  kind === 'peer' ? peerRoutes(subject) : kitRoutes;

/** The event that Nest answers a refused message by, with that message in it; the ack never comes. */
interface NestException {
  readonly cause?: { readonly data?: { readonly attempt?: number } };
}

class PeerConnection implements ProbedConnection {
  readonly socket: Socket;
  readonly counters: Readonly<AuthSocketCounters>;
  readonly ended: Promise<string>;
  readonly #connection: AuthSocket;
  #attempts = 0;

  constructor(connection: AuthSocket) {
    this.#connection = connection;
    this.socket = connection.socket;
    this.counters = connection.counters;
    this.ended = connection.ended;
  }

  async request(event: string, data: object): Promise<unknown> {
    const attempt = (this.#attempts += 1);
    let listener: ((exception: NestException) => void) | undefined;
    const refused = new Promise<never>((_, reject) => {
      listener = ({ cause }) => {
        if (cause?.data?.attempt === attempt) reject(new Error('The message was refused by an exception event'));
      };
      this.socket.on('exception', listener);
    });
    try {
      return await Promise.race([this.#connection.request(event, { ...data, attempt }), refused]);
    } finally {
      this.socket.off('exception', listener);
    }
  }

  close(): void {
    this.#connection.close();
  }
}
