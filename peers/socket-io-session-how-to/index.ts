import { definePeer } from '../peer.ts';

export default definePeer({
  id: 'socket-io-session-how-to',
  title: "Socket.IO's how-to with express-session",
  summary: "express-session on the engine, in the package's memory store, and a reload of the session per packet",
  clientDoes: 'Sign in again and reconnect at each expiry: messages do not prolong the session',
  packages: ['express-session'],
  source: 'https://socket.io/how-to/use-with-express-session',
  refuses: 'disconnect',
  differs: [
    'The handshake refuses nobody: whoever has no user is disconnected after CONNECT',
    'Whoever asks over HTTP is given a session, signed in or not',
    'Messages do not prolong the session: it ends under active traffic',
    'A silent connection goes on receiving for up to 30 seconds after its session has ended',
    'A sign-out leaves the transport open: a CONNECT on it is admitted again, and listens until it speaks',
    'Roles are those of the sign-in, whatever became of them since',
    'An upgrade from any origin is accepted',
  ],
  start: async (options) => (await import('./server.ts')).start(options),
  client: () => import('./client.ts'),
});
