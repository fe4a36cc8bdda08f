import type { FindingText } from './finding-text.ts';

const OWASP = 'https://cheatsheetseries.owasp.org/cheatsheets/WebSocket_Security_Cheat_Sheet.html';
const JWT_BCP = 'https://www.rfc-editor.org/rfc/rfc8725';
const NEST_ADAPTER = 'https://docs.nestjs.com/websockets/adapter';
const NEST_GUARDS = 'https://docs.nestjs.com/websockets/guards';

const MIDDLEWARE = `export class AuthAdapter extends IoAdapter {
  createIOServer(port: number, options?: ServerOptions) {
    const server: Server = super.createIOServer(port, options);
    const authenticate = (socket, next) =>
      verify(socket.handshake.auth.token)
        .then((user) => ((socket.data.user = user), next()))
        .catch(() => next(new Error('unauthorized')));
    server.use(authenticate);
    server.on('new_namespace', (namespace) => namespace.use(authenticate));
    return server;
  }
}
app.useWebSocketAdapter(new AuthAdapter(app));`;

/** The meaning of what probes find. */
export const probeFindings = {
  'server-ended': {
    title: 'A client can end the server',
    attacker:
      'One client sends the last frames that the report shows, and the process ends for everybody. The client needs no valid credential unless those frames hold one.',
    mend: 'No exception filter handles an error in handleConnection or in a middleware. Check the credential in a middleware (io.use) that passes every error to next(). Put try and catch around all other code of handleConnection.',
    code: MIDDLEWARE,
    help: NEST_ADAPTER,
    source: 'ASVS 16.5.3',
  },
  'stranger-acts': {
    title: 'A client without a valid credential stays and acts',
    attacker:
      'Anybody connects with no credential, or with an invented one. The server handles their messages like those of a user.',
    mend: 'Decide before CONNECT is accepted: a middleware (io.use) in an adapter, for every namespace. @UseGuards does nothing on handleConnection, and a guard on some handlers leaves the others open.',
    code: MIDDLEWARE,
    help: OWASP,
    source: 'ASVS 8.2.1',
  },
  'stranger-receives': {
    title: 'A client without a valid credential stays and listens',
    attacker: 'Anybody connects, sends nothing, and receives what the server sends to its users.',
    mend: 'Guards check messages that come in, and nothing that goes out. Refuse the client before CONNECT is accepted: a middleware (io.use) in an adapter. Or join clients to a room after they are authenticated, and send to that room.',
    code: MIDDLEWARE,
    help: NEST_GUARDS,
    source: 'ASVS 8.2.2',
  },
  'stranger-stays': {
    title: 'A client without a valid credential stays connected',
    attacker:
      'Anybody opens connections and keeps them. The server handles nothing for them, but each connection costs memory and counts against its limits.',
    mend: 'Refuse the client before CONNECT is accepted: a middleware (io.use) in an adapter. Where the first message carries the credential, end a connection that sends none in time.',
    code: MIDDLEWARE,
    help: NEST_ADAPTER,
    source: 'ASVS 15.2.2',
  },
  'acts-before-verdict': {
    title: 'Messages are handled before the credential is checked',
    attacker:
      'A client with a bad credential sends its messages at once. The server handles them while it still checks the credential, and cuts the client afterwards.',
    mend: 'Nest does not wait for an async handleConnection: the handlers are bound already. Check the credential in a middleware (io.use) in an adapter, which decides before CONNECT is accepted.',
    code: MIDDLEWARE,
    help: NEST_ADAPTER,
    source: 'ASVS 15.4.2',
  },
  'receives-before-verdict': {
    title: 'Broadcasts are sent to a client before its credential is checked',
    attacker:
      'A client with a bad credential connects again and again, and receives what the server sends until each connection is cut.',
    mend: 'Check the credential in a middleware (io.use) in an adapter, which decides before CONNECT is accepted. Or join clients to a room after the check, and send to that room.',
    code: MIDDLEWARE,
    help: NEST_ADAPTER,
    source: 'ASVS 15.4.2',
  },
  'accepted-then-cut': {
    title: 'A client with a bad credential is accepted, and then cut',
    attacker:
      'Little: the connection ends before a message was handled or received. But honest clients see a connection that opens and closes, and connect again and again.',
    mend: 'Refuse CONNECT in a middleware (io.use) in an adapter instead of disconnecting in handleConnection. The client then gets connect_error with a reason.',
    code: MIDDLEWARE,
    help: NEST_ADAPTER,
    source: 'ASVS 8.3.1',
  },
  'signature-not-verified': {
    title: 'The signature of the token is not verified',
    attacker: 'Anybody writes a token with the user id that they like. The server reads it and believes it.',
    mend: 'Verify the token with the key and the list of algorithms: jwtService.verifyAsync, or jwtVerify of jose. Decoding it (jwtService.decode, jwt-decode) verifies nothing.',
    code: `const claims = await this.jwtService.verifyAsync(token, { secret, algorithms: ['HS256'] });`,
    help: JWT_BCP,
    source: 'ASVS 9.1.1, RFC 8725 3.1',
  },
  'expired-accepted': {
    title: 'An expired credential is accepted at CONNECT',
    attacker: 'A credential that leaked long ago, in a log or a backup, opens connections forever.',
    mend: 'Check the expiry when you verify the credential. JWT libraries do so unless an option such as ignoreExpiration is set. Opaque tokens need an expiry in their store.',
    help: JWT_BCP,
    source: 'ASVS 9.2.1',
  },
  'forbidden-user': {
    title: 'A user whom the application refuses is served',
    attacker:
      'A banned or deleted user, or one without the right role, still has a valid token and is served as before.',
    mend: 'A valid signature says who the user is, and not that the user may connect. Look the user up in the middleware that verifies the token, before CONNECT is accepted.',
    code: MIDDLEWARE,
    help: OWASP,
    source: 'ASVS 8.3.1',
  },
  'outlives-expiry': {
    title: 'A connection outlives its credential',
    attacker: 'Somebody who stole a credential connects while it is valid, and stays connected for days.',
    mend: 'Keep the expiry when the client connects, compare it for each message, and end the connection by a timer. The code limits the delay, because setTimeout fires at once if it is longer than 24.8 days.',
    code: `const timer = setTimeout(() => socket.disconnect(true), Math.min(claims.exp * 1000 - Date.now(), 2 ** 31 - 1));
socket.once('disconnect', () => clearTimeout(timer));`,
    help: OWASP,
    source: 'ASVS 7.3.2',
  },
  'outlives-sign-out': {
    title: 'A sign-out does not end the connection, or not the credential',
    attacker:
      'A user signs out because a thief has the session. The thief stays connected, or connects again with the same credential.',
    mend: 'Join each socket to a room that is named after its session. At the sign-out, disconnect the sockets of that room. With a Socket.IO adapter, this reaches all nodes. Also store that the credential has ended, and refuse it at CONNECT.',
    code: `server.in(\`session:\${sessionId}\`).disconnectSockets(true);`,
    help: OWASP,
    source: 'ASVS 7.4.1',
  },
  'outlives-ban': {
    title: 'A ban does not end the connection, or not the credential',
    attacker: 'A banned user acts and receives as before.',
    mend: 'Join each socket to a room that is named after its user. At the ban, disconnect the sockets of that room. With a Socket.IO adapter, this reaches all nodes. Also look the user up before CONNECT is accepted.',
    code: `server.in(\`user:\${userId}\`).disconnectSockets(true);`,
    help: OWASP,
    source: 'ASVS 7.4.2',
  },
  'stale-roles': {
    title: 'A user keeps a role that was taken away',
    attacker: 'A user whose role was taken away still uses it until the connection ends.',
    mend: 'For each message, compare the role with the stored one. Or disconnect the user when roles change.',
    help: NEST_GUARDS,
    source: 'ASVS 8.3.2',
  },
  'foreign-origin': {
    title: 'A foreign page can connect as the user',
    attacker:
      "The page of an attacker opens a WebSocket to your server. The visitor's browser attaches the cookie, and the page reads and writes as the visitor (cross-site WebSocket hijacking).",
    mend: 'Check the Origin in allowRequest. cors.origin does not stop WebSockets, because browsers send no preflight request for them. Also set SameSite on the cookie.',
    code: `const origins = new Set(['https://app.example']);
super.createIOServer(port, {
  ...options,
  allowRequest: (request, decide) => decide(null, origins.has(request.headers.origin ?? '')),
});`,
    help: OWASP,
    source: 'ASVS 4.4.2, RFC 6455 10.2',
  },
  'credential-in-url': {
    title: 'The credential is in the URL',
    attacker:
      'Proxies, servers and monitoring tools write URLs into their logs. Somebody who reads a log has the credential.',
    mend: 'Take the credential from handshake.auth or from a header. If only a URL is possible, use a ticket that lives for seconds and works once.',
    help: OWASP,
    source: 'ASVS 14.2.1',
  },
  'root-open': {
    title: 'The namespace / is open too',
    attacker: 'Anybody joins / and stays connected there. The report says whether broadcasts were received.',
    mend: 'A middleware guards one namespace only. In an adapter, install it for / and for each other namespace (server.on("new_namespace", ...)).',
    code: MIDDLEWARE,
    help: NEST_ADAPTER,
    source: 'ASVS 8.2.1',
  },
} as const satisfies Record<string, FindingText>;

export type FindingId = keyof typeof probeFindings;
