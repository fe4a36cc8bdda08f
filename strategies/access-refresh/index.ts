import { statelessRefresh } from '../shared/stateless-refresh.ts';
import { defineStrategy } from '../strategy.ts';
import { AccessRefreshModule } from './access-refresh.module.ts';

const supports = { credential: true, cookie: false, renewal: 'in-band', grant: false } as const;
const STATELESS = 'A validly signed token is good until it expires: nothing remembers a revocation';

export default defineStrategy({
  id: 'access-refresh',
  role: 'contestant',
  title: 'Access and refresh tokens over acks',
  summary: 'The access token is checked on every message, and renewed on the connection when it has expired',
  httpLegs: ['login', 'refresh'],
  variants: {
    'as-published': {
      summary: 'The guard verifies the token on each message; a refresh token is good until it expires',
      supports,
      verifiesEachMessageWith: 'jose',
      deviations: {
        'expiry-outbound': 'Only messages are checked: a client that is silent goes on receiving',
        'logout-this': STATELESS,
        'logout-everywhere': STATELESS,
        ban: STATELESS,
        'credential-change': STATELESS,
        'stale-roles': STATELESS,
        'reconnect-after-revoke': STATELESS,
        'revoke-during-handshake': STATELESS,
        'absolute-lifetime': 'Every renewal starts a new lifetime',
        ...statelessRefresh,
      },
    },
    hardened: {
      summary: 'Verified once, the expiry compared per message; rotation with reuse detection and a grace period',
      supports,
      deviations: {},
    },
  },
  module: (options) => AccessRefreshModule.with(options),
  client: () => import('./client.ts'),
});
