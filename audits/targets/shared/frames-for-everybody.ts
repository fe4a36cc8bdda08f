import { WebSocket } from 'ws';
import { webSocket } from './plain.ts';
import type { Served } from './target.ts';
import { issue, verify } from './tokens.ts';

/** A `ws` server that asks for a token in each message, and broadcasts to every socket, each `after` ms later. */
export const framesForEverybody = async (after: number): Promise<Served> => ({
  url: await webSocket((socket, server, request) => {
    const handle = (data: Buffer): void => {
      const { event, data: text } = JSON.parse(data.toString()) as { event: string; data: string };
      try {
        verify(request.headers['x-token']);
      } catch {
        return socket.send(JSON.stringify({ event: 'exception', data: { message: 'Unauthorized' } }));
      }
      if (event !== 'say') return;
      for (const client of server.clients)
        if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify({ event: 'said', data: text }));
    };
    socket.on('message', (data: Buffer) => void (after === 0 ? handle(data) : setTimeout(handle, after, data)));
  }),
  description: {
    platform: 'ws',
    credential: { at: 'header.x-token', valid: { env: 'VALID' } },
    event: { event: 'say', arguments: ['hello'] },
  },
  environment: { VALID: issue() },
});
