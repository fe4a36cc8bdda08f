import { socketIo } from '../shared/plain.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

export default target({
  title: 'a middleware on one namespace, and / is open beside it',
  finds: ['root-open'],
  untold: [...unasked, /^receive\//],
  serve: async () => ({
    url: await socketIo((io) => {
      const account = io.of('/account');
      account.use((socket, next) => {
        try {
          verify(socket.handshake.auth['token']);
          next();
        } catch (error) {
          next(error as Error);
        }
      });
      account.on('connection', (socket) => socket.on('balance', (answer: (cents: number) => void) => answer(4200)));
    }),
    description: { namespace: '/account', credential: { valid: { env: 'VALID' } }, event: { event: 'balance' } },
    environment: { VALID: issue() },
  }),
});
