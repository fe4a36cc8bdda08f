import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type ServerOptions } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';

const notFound: RequestListener = (_, response) => void response.writeHead(404).end();

/** Listens on a free port of this machine. Returns the address. */
async function listening(http: HttpServer): Promise<string> {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** A server of Socket.IO without Nest. `routes` answers other requests. */
export async function socketIo(
  configure: (io: Server) => void,
  { options = {}, routes = notFound }: { options?: Partial<ServerOptions>; routes?: RequestListener } = {},
): Promise<string> {
  const http = createServer(routes);
  configure(new Server(http, options));
  return listening(http);
}

/** A server of WebSockets without Nest. `admit` decides on the upgrade. */
export async function webSocket(
  onClient: (socket: WebSocket, server: WebSocketServer, request: IncomingMessage) => void,
  admit: (request: IncomingMessage) => boolean = () => true,
): Promise<string> {
  const http = createServer(notFound);
  const server = new WebSocketServer({ server: http, verifyClient: ({ req }: { req: IncomingMessage }) => admit(req) });
  server.on('connection', (socket, request) => onClient(socket, server, request));
  return listening(http);
}

/** The JSON body of a request. */
export async function bodyOf(request: AsyncIterable<unknown>): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
