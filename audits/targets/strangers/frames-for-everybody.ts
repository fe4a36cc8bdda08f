import { WebSocket } from 'ws';
import { webSocket } from '../shared/plain.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

export default target({
  title: 'JSON frames over ws: a token in each message, and broadcasts to every socket',
  finds: ['stranger-receives'],
  untold: unasked,
  serve: async () => ({
    url: await webSocket((socket, server, request) => {
      socket.on('message', (data: Buffer) => {
        const { event, data: text } = JSON.parse(data.toString()) as { event: string; data: string };
        try {
          verify(request.headers['x-token']);
        } catch {
          return socket.send(JSON.stringify({ event: 'exception', data: { message: 'Unauthorized' } }));
        }
        if (event !== 'say') return;
        for (const client of server.clients)
          if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify({ event: 'said', data: text }));
      });
    }),
    description: {
      platform: 'ws',
      credential: { at: 'header.x-token', valid: { env: 'VALID' } },
      event: { event: 'say', arguments: ['hello'] },
    },
    environment: { VALID: issue() },
  }),
});
