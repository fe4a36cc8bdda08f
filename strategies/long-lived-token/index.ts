import { notKept, statelessRefresh, unrevoked } from '../shared/deviations.ts';
import { defineStrategy } from '../strategy.ts';
import { LongLivedTokenModule } from './long-lived-token.module.ts';

const supports = { credential: true, cookie: false, renewal: 'http', issuesCredential: true, token: 'jwt' } as const;
const FOR_LIFE = 'The connection stays authenticated for its entire duration';
const FORGETFUL = 'Nothing remembers a revocation: the WS token passes until it expires';

export default defineStrategy({
  id: 'long-lived-token',
  role: 'strategy',
  title: 'Long-lived WS token',
  summary: 'A WS token is minted at the first handshake, and opens every later connection',
  httpEndpoints: ['login', 'refresh'],
  variants: {
    'as-published': {
      summary: 'The minted token keeps the connection authenticated throughout',
      clientDoes: 'Nothing while connected; keep the WS token that the server issues for the next connection',
      supports,
      deviations: {
        ...unrevoked(FOR_LIFE),
        ...notKept(FOR_LIFE, 'expiry-inbound', 'expiry-outbound', 'absolute-lifetime'),
        ...notKept(FORGETFUL, 'reconnect-after-revoke', 'late-sign-out', 'token-malleability'),
        ...statelessRefresh,
      },
    },
    hardened: {
      summary: 'Ends at expiry and never outlives the sign-in; a deny-list by jti keeps revoked tokens out',
      clientDoes:
        'Keep the WS token that the server issues; when it ends, fetch a fresh access token over HTTP and reconnect',
      supports,
      deviations: {},
    },
  },
  takes: 'accessTokens',
  module: (wiring) => LongLivedTokenModule.with(wiring),
  client: () => import('./client.ts'),
});
