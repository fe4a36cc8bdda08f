import { definePeer } from '../peer.ts';

export default definePeer({
  id: 'socketio-jwt',
  title: 'socketio-jwt',
  summary:
    'The most downloaded JWT middleware for Socket.IO, by its recipe with one round trip; last release 4.6.2 of June 2020, and out of support since September 2021',
  clientDoes: 'Nothing while connected; sign in again before the next connection',
  packages: ['socketio-jwt'],
  source: 'https://www.npmjs.com/package/socketio-jwt',
  refuses: 'handshake',
  differs: [
    'The first recipe of its README, with two round trips, throws on Socket.IO 4',
    'It verifies with jsonwebtoken 8, and not with the current 9',
    'A refusal has the code `invalid_token`, whether the token expired or was forged',
    'A token in the CONNECT payload is not seen: it travels in a header',
    'A token in the URL is taken as well, where proxies log it',
    'A connection goes on sending after its credential has expired',
    'A connection goes on receiving after its credential has expired',
    'Roles are those of the sign-in, whatever became of them since',
    'A sign-out ends nothing: the token passes until it expires',
    'A token without an expiry is accepted for ever',
    'An upgrade from any origin is accepted',
  ],
  start: async (options) => (await import('./server.ts')).start(options),
  client: () => import('./client.ts'),
});
