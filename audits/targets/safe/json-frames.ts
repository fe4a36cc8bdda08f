import { WebSocket } from 'ws';
import { webSocket } from '../shared/plain.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

export default target({
  title: 'JSON frames over ws; the upgrade is refused without a valid bearer token',
  finds: [],
  untold: unasked,
  serve: async () => ({
    url: await webSocket(
      (socket, server) =>
        socket.on('message', (data: Buffer) => {
          const { event, data: text } = JSON.parse(data.toString()) as { event: string; data: string };
          if (event !== 'say') return;
          for (const client of server.clients)
            if (client.readyState === WebSocket.OPEN) client.send(JSON.stringify({ event: 'said', data: text }));
        }),
      ({ headers }) => {
        try {
          return verify(headers.authorization?.replace('Bearer ', '')).sub !== '';
        } catch {
          return false;
        }
      },
    ),
    description: {
      platform: 'ws',
      credential: { at: 'header.authorization', valid: { env: 'VALID' } },
      event: { event: 'say', arguments: ['hello'] },
    },
    environment: { VALID: issue() },
  }),
});
