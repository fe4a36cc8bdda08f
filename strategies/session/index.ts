import { notKept, unrevoked } from '../shared/deviations.ts';
import { nameOf } from '../shared/secret.ts';
import { defineStrategy } from '../strategy.ts';
import { SessionModule } from './session.module.ts';

const supports = {
  credential: true,
  cookie: true,
  renewal: 'activity',
  issuesCredential: false,
  token: 'opaque',
} as const;
const SNAPSHOT = 'The session object was read when the transport opened, and is trusted from then on';

/**
 * The `sessionId` by which the kit knows a session of the application: the id itself never leaves the process.
 * @example auth.revoke({ subject, sessionId: sessionIdOf(request.sessionID) })
 */
export const sessionIdOf: (id: string) => string = nameOf;

export default defineStrategy({
  id: 'session',
  role: 'strategy',
  title: 'Session',
  summary: 'One express-session, shared by HTTP and the Socket.IO engine',
  httpEndpoints: ['login'],
  variants: {
    'as-published': {
      summary: 'The guard trusts the session object of the handshake',
      clientDoes: 'Nothing while connected; sign in again before the next connection, once the session has ended',
      supports,
      deviations: {
        ...unrevoked(SNAPSHOT),
        ...notKept(SNAPSHOT, 'expiry-inbound', 'expiry-outbound', 'absolute-lifetime', 'idle-parity', 'lost-update'),
      },
    },
    hardened: {
      summary: 'Read again within a bound, kept alive by messages, ended with its sockets by logout',
      clientDoes: 'Send a message before the session idles out; otherwise sign in again',
      supports,
      deviations: {},
    },
  },
  takes: 'session',
  module: (wiring) => SessionModule.with(wiring),
  client: () => import('./client.ts'),
});
