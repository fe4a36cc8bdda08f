import { AuthSocket, type AuthSocketOptions } from '../../strategies/shared/client/auth-socket.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';

/** One connection as the load sees it: messages with their acks, and leaving. */
export interface ClientConnection {
  say(answered: (answer: Said) => void): void;
  close(): void;
}

/** What an ack tells: the subject that the server took the sender for, where it took the message. */
export interface Said {
  readonly from?: string;
}

/** Opens a connection in a room, so that a message is answered and goes to nobody else. Rejects where it is refused. */
export type OpenConnection = (
  client: StrategyClient,
  url: string,
  room: string,
  options?: Pick<AuthSocketOptions, 'recover'>,
) => Promise<ClientConnection>;

/** A client that presents exactly this at each CONNECT, whoever it is of, and whatever becomes of `client`. */
export const presenting = (
  client: StrategyClient,
  presented: ReturnType<StrategyClient['connectOptions']>,
): StrategyClient => ({ ...client, expiresAt: undefined, connectOptions: () => presented });

const PING = { text: 'ping' };

/** Plain emits with plain acks: on a cheap server the generator is the dearer half, and what it spends is not load. */
export const openConnection: OpenConnection = async (client, url, room, options) => {
  const connection = await AuthSocket.connect(client, `${url}/chat`, { ...options, auth: { room } });
  const { socket } = connection;
  return {
    say: (answered) => void socket.emit('sendMessage', PING, answered),
    close: () => connection.close(),
  };
};
