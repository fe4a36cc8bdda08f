import { Connections } from '../../gateways/connections/connections.ts';
import { Sessions } from '../../strategies/session/sessions.ts';
import { part, authenticatorOf, revoking, deaf, otherwise, unlimited, token, cookie } from './shared/faults.ts';
import type { Mutant } from '../engine/mutant.ts';

const mutants: readonly Mutant[] = [
  {
    ...token,
    fault: 'guests are let in',
    breaks: 'no-credential',
    sabotage: otherwise(({ token: given }) => (given === undefined ? { subject: 'guest' } : undefined)),
  },
  {
    ...token,
    fault: 'a token of the wrong type is let in',
    breaks: 'credential-type-fuzz',
    sabotage: otherwise(({ token: given }) => (Array.isArray(given) ? { subject: 'guest' } : undefined)),
  },
  {
    ...token,
    fault: 'everyone is let in and checked later',
    breaks: 'preauth-inbound',
    sabotage: otherwise(() => ({ subject: 'someone' })),
  },
  {
    ...token,
    fault: 'a token in the URL passes',
    breaks: 'token-in-query',
    sabotage: otherwise((_, url) => ({ token: new URL(url, 'http://x').searchParams.get('token') })),
  },
  {
    ...token,
    fault: 'foreign origins are on the list',
    breaks: 'origin-reject',
    options: (given) => ({ ...given, origins: ['https://app.example', 'https://evil.example'] }),
  },
  {
    ...token,
    fault: 'the origin of another port is on the list',
    breaks: 'origin-bypass-set',
    options: (given) => ({ ...given, origins: ['https://app.example', 'https://app.example:8443'] }),
  },
  {
    ...token,
    fault: 'CONNECT may be tried for ever',
    breaks: 'connect-bruteforce',
    options: unlimited({ connectsPerTransport: false }),
  },
  { ...token, fault: 'events are not limited', breaks: 'event-flood', options: unlimited({ eventsPerSecond: false }) },
  {
    ...token,
    fault: 'connections are not limited',
    breaks: 'connection-flood',
    options: unlimited({ connectionsPerUser: false }),
  },
  {
    ...token,
    fault: 'a broken signature has an answer of its own',
    breaks: 'error-oracle',
    sabotage(scenario) {
      const authenticator = authenticatorOf(scenario);
      const authenticate = authenticator.authenticate.bind(authenticator);
      authenticator.authenticate = async (handshake) => {
        const decision = await authenticate(handshake);
        const nearly = String(handshake.auth['token']).length > 100;
        return !decision.admitted && nearly ? { admitted: false, code: 'failed' } : decision;
      };
    },
  },
  { ...token, fault: 'signing out ends no connection', breaks: 'logout-this', sabotage: deaf('revoked') },
  {
    ...token,
    fault: 'signing out ends too much',
    breaks: 'logout-this-alone',
    sabotage: revoking(({ sessionId: _, ...all }) => all),
  },
  {
    ...token,
    fault: 'everywhere is here',
    breaks: 'logout-everywhere',
    sabotage: revoking((revocation) => (revocation.sessionId === undefined ? undefined : revocation)),
  },
  { ...token, fault: 'a ban ends no connection', breaks: 'ban', sabotage: deaf('banned') },
  { ...token, fault: 'lost roles are kept', breaks: 'stale-roles', sabotage: deaf('roles-changed') },
  {
    ...token,
    fault: 'the transport outlives the kick',
    breaks: 'same-transport-reconnect',
    sabotage(scenario) {
      const all = part(scenario, Connections);
      const join = all.join.bind(all);
      all.join = (connection) => {
        join(connection);
        const { socket } = connection;
        const disconnect = socket.disconnect.bind(socket);
        socket.disconnect = () => disconnect(false);
      };
    },
  },
  {
    ...token,
    fault: 'the kick comes when it comes',
    breaks: 'post-revocation-execution',
    sabotage(scenario) {
      const all = part(scenario, Connections);
      const revoke = all.revoke.bind(all);
      all.revoke = (revocation) => void setTimeout(() => revoke(revocation), 50).unref();
    },
  },
  {
    ...cookie,
    fault: 'a sign-in keeps the session that it came with',
    breaks: 'fixation',
    sabotage(scenario) {
      const sessions = part(scenario, Sessions);
      const signIn = sessions.signIn.bind(sessions);
      sessions.signIn = (request, ...credentials) => {
        const { session } = request;
        session.regenerate = (done) => (done(undefined), session);
        return signIn(request, ...credentials);
      };
    },
  },
  {
    ...cookie,
    fault: 'scripts read the cookie',
    breaks: 'cookie-attributes',
    sabotage(scenario) {
      const sessions = part(scenario, Sessions);
      const signIn = sessions.signIn.bind(sessions);
      sessions.signIn = async (request, ...credentials) => {
        await signIn(request, ...credentials);
        request.session.cookie.httpOnly = false;
      };
    },
  },
];

export default mutants;
