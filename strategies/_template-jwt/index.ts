import { notKept, statelessRefresh, unrevoked } from '../shared/deviations.ts';
import { defineStrategy } from '../strategy.ts';
import { TemplateModule } from './_template-jwt.module.ts';

const supports = { credential: true, cookie: false, renewal: 'http', issuesCredential: false, token: 'jwt' } as const;
const NO_REVOCATION = 'It asks once, at CONNECT, and listens to no revocation';

export default defineStrategy({
  id: '_template-jwt',
  role: 'template',
  title: 'JWT template',
  summary: 'An access token, verified at CONNECT; the connection ends with it',
  httpEndpoints: ['login', 'refresh'],
  variants: {
    'as-published': {
      summary: 'Verified at CONNECT, ended at expiry; nothing is revoked',
      clientDoes: 'Fetch a fresh token over HTTP and reconnect, each time a token ends',
      supports,
      // What this variant does not keep, and why. A promise that is kept after all fails the test: delete its line.
      deviations: {
        ...unrevoked(NO_REVOCATION),
        ...notKept(NO_REVOCATION, 'reconnect-after-revoke', 'token-malleability'),
        ...notKept('Every renewal starts a new lifetime', 'absolute-lifetime'),
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
  module: (wiring) => TemplateModule.with(wiring),
  client: () => import('./client.ts'),
});
