import { statelessRefresh } from '../shared/stateless-refresh.ts';
import { defineStrategy } from '../strategy.ts';
import { LongLivedTokenModule } from './long-lived-token.module.ts';

const supports = { credential: true, cookie: false, renewal: 'http', grant: true } as const;
const FOR_LIFE = 'The connection stays authenticated for its entire duration';

export default defineStrategy({
  id: 'long-lived-token',
  role: 'contestant',
  title: 'Long-lived WS token',
  summary: 'A WS token is minted at the first handshake, and opens every later connection',
  httpLegs: ['login', 'refresh'],
  variants: {
    'as-published': {
      summary: 'The minted token keeps the connection authenticated throughout',
      supports,
      deviations: {
        'expiry-inbound': FOR_LIFE,
        'expiry-outbound': FOR_LIFE,
        'logout-this': FOR_LIFE,
        'logout-everywhere': FOR_LIFE,
        ban: FOR_LIFE,
        'credential-change': FOR_LIFE,
        'stale-roles': FOR_LIFE,
        'reconnect-after-revoke': 'Nothing remembers a revocation: the WS token passes until it expires',
        'late-sign-out': 'Nothing remembers a revocation: the WS token passes until it expires',
        'revoke-during-handshake': FOR_LIFE,
        'absolute-lifetime': FOR_LIFE,
        ...statelessRefresh,
      },
    },
    hardened: {
      summary: 'Ends at expiry and never outlives the sign-in; a deny-list by jti keeps revoked tokens out',
      supports,
      deviations: {},
    },
  },
  module: (options) => LongLivedTokenModule.with(options),
  client: () => import('./client.ts'),
});
