import { socketIo } from '../shared/plain.ts';
import { target } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

/** Tokens live for so long, in ms. */
const LIFETIME = 6000;

export default target({
  title: 'expiry, sign-out, ban and change of roles take effect on the open connection at once',
  finds: [],
  patience: 20_000,
  serve: async () => {
    let users = 0;
    const ended = new Set<string>();
    const banned = new Set(['banned']);
    const demoted = new Set<string>();
    const url = await socketIo(
      (io) => {
        io.use((socket, next) => {
          try {
            const { sub, exp } = verify(socket.handshake.auth['token']);
            if (ended.has(String(socket.handshake.auth['token'])) || banned.has(sub)) throw new Error('unauthorized');
            socket.data['user'] = sub;
            const timer = setTimeout(() => socket.disconnect(true), exp * 1000 - Date.now());
            socket.once('disconnect', () => clearTimeout(timer));
            void socket.join([sub, 'users']);
            next();
          } catch (error) {
            next(error as Error);
          }
        });
        io.on('connection', (socket) => {
          socket.on('say', (text: string, answer: (said: unknown) => void) => {
            if (demoted.has(String(socket.data['user']))) return answer({ code: 'FORBIDDEN' });
            io.to('users').emit('said', text);
            answer({ said: text });
          });
        });
        io.httpServer.prependListener('request', ({ url: path, headers }) => {
          if (!['/logout', '/ban', '/demote'].includes(path ?? '')) return;
          const token = headers.authorization?.replace('Bearer ', '') ?? '';
          const { sub } = verify(token);
          if (path === '/demote') demoted.add(sub);
          else io.in(sub).disconnectSockets(true);
          if (path === '/logout') ended.add(token);
          if (path === '/ban') banned.add(sub);
        });
      },
      {
        routes: (_, response) => void response.end(JSON.stringify({ token: issue(`user-${(users += 1)}`, LIFETIME) })),
      },
    );
    const signIn = { signIn: { url: '/login', pointer: '/token' } };
    return {
      url,
      description: {
        credential: { valid: signIn, expired: { env: 'EXPIRED' }, forbidden: { env: 'BANNED' } },
        event: { event: 'say', arguments: ['hello'] },
        actions: { signOut: { url: '/logout' }, ban: { url: '/ban' }, changeRoles: { url: '/demote' } },
      },
      environment: { EXPIRED: issue('ada', -60_000), BANNED: issue('banned') },
    };
  },
});
