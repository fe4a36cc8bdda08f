import { notKept, statelessRefresh, unrevoked } from '../shared/deviations.ts';
import { defineStrategy, type Variant } from '../strategy.ts';
import { TemplateModule } from './_template-jwt.module.ts';

const NO_REVOCATION = 'It asks once, at CONNECT, and listens to no revocation';

const variant: Variant = {
  summary: 'Verified at CONNECT, ended at expiry',
  supports: { credential: true, cookie: false, renewal: 'http', issuesCredential: false, token: 'jwt' },
  // What this variant does not keep, and why. A promise that is kept after all fails the test: delete its line.
  deviations: {
    ...unrevoked(NO_REVOCATION),
    ...notKept(
      NO_REVOCATION,
      'reconnect-after-revoke',
      'reuse-kills-live-sockets',
      'token-malleability',
      'renewal-outruns-revocation',
    ),
  },
};

const asPublished: Variant = {
  ...variant,
  deviations: {
    ...variant.deviations,
    ...statelessRefresh,
    'absolute-lifetime': 'Every renewal starts a new lifetime',
  },
};

export default defineStrategy({
  id: '_template-jwt',
  role: 'template',
  title: 'JWT template',
  summary: 'An access token, verified at CONNECT; the connection ends with it',
  httpEndpoints: ['login', 'refresh'],
  variants: { 'as-published': asPublished, hardened: variant },
  module: (options) => TemplateModule.with(options),
  client: () => import('./client.ts'),
});
