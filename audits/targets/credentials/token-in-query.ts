import { webSocket } from '../shared/plain.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

export default target({
  title: 'JSON frames over ws on another path; the token is in the query alone',
  finds: ['credential-in-url'],
  untold: [...unasked, /^receive\//],
  serve: async () => ({
    url: await webSocket(
      (socket) =>
        socket.on('message', (data: Buffer) => {
          const { type } = JSON.parse(data.toString()) as { type: string };
          socket.send(JSON.stringify({ type: `${type}:done`, count: 3 }));
        }),
      ({ url = '' }) => {
        const { pathname, searchParams } = new URL(url, 'http://server');
        try {
          return pathname === '/live' && verify(searchParams.get('access_token')).sub !== '';
        } catch {
          return false;
        }
      },
    ),
    description: {
      platform: 'ws',
      path: '/live',
      frames: { event: 'type', data: null },
      credential: { at: 'query.access_token', valid: { env: 'VALID' } },
      event: { event: 'count', arguments: [{ from: 1 }], answer: { event: 'count:done' } },
    },
    environment: { VALID: issue() },
  }),
});
