import { definePeer } from '../peer.ts';

export default definePeer({
  id: 'article-gateway',
  title: "The article's own gateway",
  summary: 'The gateway extension pattern: a base class verifies the token in handleConnection, and nothing after that',
  clientDoes: 'Nothing while connected; sign in again before the next connection',
  packages: ['@nestjs/jwt'],
  source: 'peers/article-gateway/ws-manager.ts',
  refuses: 'disconnect',
  differs: [
    'A client with a forged token is told that it is connected before it is disconnected',
    'An event that is sent before the verdict reaches the handler: nothing awaits the hook',
    'A throw in the hook, for a user who may not enter, is an unhandled rejection, which ends a process by default',
    'Where the process outlives that throw, the user who may not enter stays connected and is answered',
    'A connection goes on sending after its credential has expired',
    'A connection goes on receiving after its credential has expired',
    'A sign-out ends nothing: the token passes until it expires',
    'The secret is parsed as a public key first, at each verification',
    'A token without an expiry is accepted for ever',
    'An upgrade from any origin is accepted',
  ],
  start: async (options) => (await import('./server.ts')).start(options),
  client: () => import('./client.ts'),
});
