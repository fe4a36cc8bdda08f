import { socketIo } from '../shared/plain.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

export default target({
  title: 'the first message carries the token, and a client that sends none is cut after a second',
  finds: [],
  untold: unasked,
  serve: async () => ({
    url: await socketIo((io) => {
      io.on('connection', (socket) => {
        const late = setTimeout(() => socket.disconnect(true), 1000);
        socket.once('disconnect', () => clearTimeout(late));
        socket.on('authenticate', ({ token }: { token?: unknown }) => {
          try {
            socket.data['user'] = verify(token).sub;
            clearTimeout(late);
            void socket.join('users');
            socket.emit('authenticated');
          } catch {
            socket.disconnect(true);
          }
        });
        socket.on('say', (text: string, answer: (said: unknown) => void) => {
          if (socket.data['user'] === undefined) return answer({ error: 'authenticate first' });
          io.to('users').emit('said', text);
          answer({ said: text });
        });
      });
    }),
    description: {
      credential: {
        at: 'message',
        message: { event: 'authenticate', arguments: [{ token: '{credential}' }] },
        valid: { env: 'VALID' },
      },
      event: { event: 'say', arguments: ['hello'] },
    },
    environment: { VALID: issue() },
  }),
});
