import { definePeer } from '../peer.ts';

export default definePeer({
  id: 'nest-jwt-guard',
  title: 'Nest guard with @nestjs/jwt',
  summary: 'The AuthGuard of the Nest documentation on a gateway: the token of the handshake is verified per message',
  clientDoes: 'Sign in again and reconnect, once messages are refused',
  packages: ['@nestjs/jwt'],
  source: 'https://docs.nestjs.com/security/authentication#implementing-the-authentication-guard',
  refuses: 'message',
  verifiesEachMessageWith: 'jsonwebtoken, secret as a string',
  differs: [
    'Anyone may connect, and stays connected without a credential',
    'A refused message never reaches its ack: an `exception` event echoes it instead',
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
