import { definePeer } from '../peer.ts';

export default definePeer({
  id: 'nest-passport-jwt',
  title: 'Nest AuthGuard with passport-jwt',
  summary: "The JwtStrategy of Nest's Passport recipe, run per message by an AuthGuard that is handed the handshake",
  clientDoes: 'Sign in again and reconnect, once messages are refused',
  packages: ['@nestjs/passport', 'passport', 'passport-jwt'],
  source: 'https://docs.nestjs.com/recipes/passport#implementing-passport-jwt',
  refuses: 'message',
  verifiesEachMessageWith: 'jsonwebtoken, secret as a string',
  differs: [
    'Anyone may connect, and stays connected without a credential',
    'A refused message never reaches its ack: an `exception` event echoes it instead',
    'A refusal reads `Internal server error`: the guard throws an exception of HTTP',
    'A token in the CONNECT payload is not seen: it travels in a header',
    'Nothing is heard before the first message has passed the guard',
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
