import { socketIo } from '../shared/plain.ts';
import { Sessions, sessionRequests } from '../shared/sessions.ts';
import { FORBIDDEN, target } from '../shared/target.ts';

export default target({
  title: 'the session is looked up at CONNECT, and neither a sign-out nor a ban ends the connection',
  finds: ['outlives-sign-out', 'outlives-ban'],
  untold: [FORBIDDEN, /^(?:expiry|roles)\//],
  serve: async () => {
    const sessions = new Sessions();
    const url = await socketIo(
      (io) => {
        io.use((socket, next) => {
          try {
            sessions.userOf(socket.handshake.auth['token']);
            next();
          } catch (error) {
            next(error as Error);
          }
        });
        io.on('connection', (socket) => {
          socket.on('say', (text: string, answer: (said: unknown) => void) => {
            io.emit('said', text);
            answer({ said: text });
          });
        });
      },
      { routes: sessions.routes },
    );
    const { valid, signOut, ban } = sessionRequests;
    return {
      url,
      description: { credential: { valid }, event: { event: 'say', arguments: ['hi'] }, actions: { signOut, ban } },
    };
  },
});
