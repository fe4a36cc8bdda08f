import { notKept, statelessRefresh, unrevoked } from '../shared/deviations.ts';
import { defineStrategy } from '../strategy.ts';
import { AccessRefreshModule } from './access-refresh.module.ts';

const supports = {
  credential: true,
  cookie: false,
  renewal: 'in-band',
  issuesCredential: false,
  token: 'jwt',
} as const;
const STATELESS = 'A validly signed token is good until it expires: nothing remembers a revocation';
const SILENT = 'Only messages are checked: a client that is silent goes on receiving';

export default defineStrategy({
  id: 'access-refresh',
  role: 'strategy',
  title: 'Access and refresh tokens over acks',
  summary: 'The access token is checked on every message, and renewed on the connection when it has expired',
  httpEndpoints: ['login', 'refresh'],
  variants: {
    'as-published': {
      summary: 'The guard verifies the token on each message; a refresh token is good until it expires',
      clientDoes: 'When a message is refused, send the refresh token on the open connection, then the message again',
      supports,
      verifiesEachMessageWith: 'node:crypto',
      deviations: {
        ...unrevoked(STATELESS),
        ...notKept(STATELESS, 'reconnect-after-revoke', 'token-malleability', 'refresh-while-leaving'),
        ...notKept(SILENT, 'expiry-outbound', 'refresh-withheld'),
        ...notKept('Every renewal starts a new lifetime', 'absolute-lifetime'),
        ...statelessRefresh,
      },
    },
    hardened: {
      summary: 'Verified once, the expiry compared per message; rotation with reuse detection and a grace period',
      clientDoes: 'When a message is refused or the server asks, send the refresh token on the open connection',
      supports,
      deviations: {},
    },
  },
  module: (wiring) => AccessRefreshModule.with(wiring),
  client: () => import('./client.ts'),
});
