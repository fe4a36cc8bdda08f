import { defineStrategy } from '../strategy.ts';
import { renewsAhead } from './connection-lease.authenticator.ts';
import { ConnectionLeaseModule } from './connection-lease.module.ts';

export { LeaseEvents, type LeaseWatcher } from './lease-events.ts';

const supports = {
  credential: true,
  cookie: false,
  renewal: 'in-band',
  issuesCredential: false,
  token: 'jwt',
} as const;

export default defineStrategy({
  id: 'connection-lease',
  role: 'strategy',
  title: 'Connection lease',
  summary: 'Verified once; the connection holds a lease, is asked to renew it ahead of its end, and is cut at it',
  httpEndpoints: ['login', 'refresh'],
  variants: {
    'as-published': {
      summary: 'As its models have it: every client is asked at the same distance from the end',
      clientDoes: 'Answer the request of the server with the refresh token, on the open connection',
      supports,
      costsAs: 'hardened',
      renewsAhead: renewsAhead['as-published'],
      deviations: {},
    },
    hardened: {
      summary: 'Asked at a random time of a window, so that leases that end together are not renewed together',
      clientDoes: 'Answer the request of the server with the refresh token, on the open connection',
      supports,
      renewsAhead: renewsAhead.hardened,
      deviations: {},
    },
  },
  takes: 'accessTokens',
  module: (wiring) => ConnectionLeaseModule.with(wiring),
  client: () => import('./client.ts'),
});
