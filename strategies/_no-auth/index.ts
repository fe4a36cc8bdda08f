import { notKept, unrevoked } from '../shared/deviations.ts';
import { defineStrategy, type Variant } from '../strategy.ts';
import { NoAuthModule } from './_no-auth.module.ts';

const NO_CHECK = 'It lets everyone in: it is the baseline of the measurements, and proves that the promises can fail';

const variant: Variant = {
  summary: 'The same gateways, guards and filter, and no check',
  clientDoes: 'Nothing: it needs no credential',
  supports: { credential: false, cookie: false, renewal: 'none', issuesCredential: false, token: 'none' },
  deviations: {
    ...unrevoked(NO_CHECK),
    ...notKept(
      NO_CHECK, 'no-credential', 'preauth-inbound', 'credential-type-fuzz', 'sign-in-refused', 'token-in-query', 'error-oracle',
      'weak-secret', 'expired-at-handshake', 'expiry-inbound', 'expiry-outbound', 'clock-skew', 'reconnect-after-revoke',
    ), // prettier-ignore
  },
};

export default defineStrategy({
  id: '_no-auth',
  role: 'baseline',
  title: 'No-auth baseline',
  summary: 'Lets everyone in: what the gateways cost without authentication',
  httpEndpoints: [],
  variants: { 'as-published': variant, hardened: variant },
  module: (wiring) => NoAuthModule.with(wiring),
  client: () => import('./client.ts'),
});
