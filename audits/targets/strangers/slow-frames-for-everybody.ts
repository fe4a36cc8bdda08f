import { WebSocket } from 'ws';
import { webSocket } from '../shared/plain.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

export default target({
  title: 'JSON frames over ws: broadcasts to every socket, and 600 ms until any message is answered',
  finds: ['stranger-receives'],
  untold: unasked,
  serve: async () => ({
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
      // Broadcasts arrive long after the message that caused them, when another client has already sent its own.
      socket.on('message', (data: Buffer) => void setTimeout(handle, 600, data));
    }),
    description: {
      platform: 'ws',
      credential: { at: 'header.x-token', valid: { env: 'VALID' } },
      event: { event: 'say', arguments: ['hello'] },
    },
    environment: { VALID: issue() },
  }),
});
