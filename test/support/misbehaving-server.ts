import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Namespace, Server, type ServerOptions, type Socket } from 'socket.io';
import { onTestFinished } from 'vitest';
import { AuthSocket, type AuthSocketOptions } from '../../strategies/shared/client/auth-socket.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';

/** The answer to a CONNECT. */
export type Treatment = (socket: Socket, letIn: () => void) => void;
export const closed: Treatment = ({ conn }) => conn.close();
export const letIn: Treatment = (_, next) => next();

/** Every connection is lost, as if the network failed. */
export const drop = (server: Namespace): void => server.sockets.forEach(({ conn }) => conn.close());

const anybody: StrategyClient = {
  signIn: async () => {},
  connectOptions: () => ({}),
  renew: async () => true,
  signOut: async () => {},
  expiresAt: undefined,
};

interface ClientOptions extends AuthSocketOptions {
  readonly client?: Partial<StrategyClient>;
}

/** A server whose CONNECTs in turn get what is given here; those after the last are let in. */
export async function treating(
  treatments: readonly Treatment[],
  onConnection: (socket: Socket) => void = () => {},
  options: Partial<ServerOptions> = {},
) {
  const http = createServer();
  const io = new Server(http, options);
  const left = [...treatments];
  const server = io.of('/chat');
  server.use((socket, next) => (left.shift() ?? letIn)(socket, next));
  server.on('connection', onConnection);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => io.close());
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/chat`;
  const connect = async ({ client, ...rest }: ClientOptions = {}) => {
    const socket = await AuthSocket.connect({ ...anybody, ...client }, url, rest);
    onTestFinished(() => socket.close());
    return socket;
  };
  return { connect, server, url };
}
