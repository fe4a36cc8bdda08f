import { notKept, statelessRefresh, unrevoked } from '../shared/deviations.ts';
import { defineStrategy } from '../strategy.ts';
import { TemplateModule } from './_template-opaque.module.ts';

const supports = {
  credential: true,
  cookie: false,
  renewal: 'http',
  issuesCredential: false,
  token: 'opaque',
} as const;
const NO_REVOCATION = 'It looks the token up once, at CONNECT, and listens to no revocation';

/** The audit `refresh-race` reads the id in a JWT, so it does not apply here. */
const { 'refresh-race': _, ...statelessTokens } = statelessRefresh;

export default defineStrategy({
  id: '_template-opaque',
  role: 'template',
  title: 'Opaque token template',
  summary: 'A random token that is looked up at CONNECT; the connection ends with it',
  httpEndpoints: ['login', 'refresh'],
  variants: {
    'as-published': {
      summary: 'Looked up at CONNECT, ended at expiry; nothing is revoked',
      clientDoes: 'Fetch a fresh token over HTTP and reconnect, each time a token ends',
      supports,
      // What this variant does not keep, and why. A promise that is kept after all fails the test: delete its line.
      deviations: {
        ...unrevoked(NO_REVOCATION),
        ...notKept(NO_REVOCATION, 'reconnect-after-revoke'),
        ...notKept('Every renewal starts a new lifetime', 'absolute-lifetime'),
        ...statelessTokens,
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
