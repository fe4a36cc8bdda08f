import { notKept, statelessRefresh, unrevoked } from '../shared/deviations.ts';
import { defineStrategy } from '../strategy.ts';
import { HandshakeOnlyModule } from './handshake-only.module.ts';

const supports = { credential: true, cookie: false, renewal: 'http', issuesCredential: false, token: 'jwt' } as const;
const TRUSTED = 'The handshake is the only check: messages are trusted for as long as the connection lives';
const FORGETFUL = 'Nothing remembers a revocation: the token passes until it expires';

export default defineStrategy({
  id: 'handshake-only',
  role: 'strategy',
  title: 'Handshake-only verification',
  summary: 'The access token is verified at CONNECT, and messages are trusted afterwards',
  httpEndpoints: ['login', 'refresh'],
  variants: {
    'as-published': {
      summary: 'Verified at CONNECT, trusted for the life of the connection',
      clientDoes: 'Nothing while connected; fetch a fresh token over HTTP before the next connection',
      supports,
      deviations: {
        ...unrevoked(TRUSTED),
        ...notKept(TRUSTED, 'expiry-inbound', 'expiry-outbound', 'absolute-lifetime'),
        ...notKept(FORGETFUL, 'reconnect-after-revoke', 'token-malleability'),
        ...statelessRefresh,
      },
    },
    hardened: {
      summary: 'Ends at expiry; logout, ban and changed roles or password end it at once',
      clientDoes: 'Fetch a fresh token over HTTP and reconnect, each time a token ends',
      supports,
      deviations: {},
    },
  },
  takes: 'accessTokens',
  module: (wiring) => HandshakeOnlyModule.with(wiring),
  client: () => import('./client.ts'),
});
