import { definePeer } from '../peer.ts';

export default definePeer({
  id: 'socket-io-jwt-how-to',
  title: "Socket.IO's how-to with JWT",
  summary:
    'passport-jwt on the engine, at the handshake alone; the header that it reads is one that browsers cannot send over WebSocket',
  clientDoes: 'Nothing while connected; sign in again before the next connection',
  packages: ['passport', 'passport-jwt'],
  source: 'https://socket.io/how-to/use-with-jwt',
  refuses: 'handshake',
  differs: [
    'A refused client is told of a transport error, without a code, and goes on trying',
    'A token in the CONNECT payload is not seen: it travels in a header',
    'Long-polling is on, and its requests need no more than the `sid` after the handshake',
    'A connection goes on sending after its credential has expired',
    'A connection goes on receiving after its credential has expired',
    'Roles are those of the sign-in, whatever became of them since',
    'A sign-out ends nothing: the token passes until it expires',
    'The secret is parsed as a public key first, at each verification',
    'A token without an expiry is accepted for ever',
    'An upgrade from any origin is accepted',
  ],
  start: async (options) => (await import('./server.ts')).start(options),
  client: () => import('./client.ts'),
});
