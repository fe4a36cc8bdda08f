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
      'One client sends the last frames below, and the process ends for everybody. It needs no valid credential unless the frames show one.',
    mend: 'Catch in handleConnection and in every middleware: an error there is not handled by a filter. An async handleConnection needs a try and catch around all of it.',
    code: `async handleConnection(client: Socket) {
  try {
    client.data.user = await this.auth.verify(client.handshake.auth.token);
  } catch {
    client.disconnect(true);
  }
}`,
    help: NEST_ADAPTER,
    source: 'ASVS 16.5.3',
  },
  'stranger-acts': {
    title: 'A client without a valid credential stays and acts',
    attacker:
      'Anybody connects with no credential, or with an invented one, and the server handles their messages like those of a user.',
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
      'Anybody opens connections and keeps them. The server handles nothing for them, but each one costs memory and a place among the connections.',
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
      'Little: the connection ends before anything was handled or received. Clients see a connection that opens and closes, and try again.',
    mend: 'Refuse CONNECT in a middleware (io.use) in an adapter instead of disconnecting in handleConnection. The client then gets connect_error with a reason.',
    code: MIDDLEWARE,
    help: NEST_ADAPTER,
    source: 'ASVS 8.3.1',
  },
  'signature-not-verified': {
    title: 'The signature of the token is not verified',
    attacker: 'Anybody writes a token with the user id that they like. The server reads it and believes it.',
    mend: 'Verify the token (jwtService.verifyAsync, or jwtVerify of jose) with the key and the list of algorithms. Decoding (jwtService.decode, jwt-decode) verifies nothing.',
    code: `const claims = await this.jwtService.verifyAsync(token, { secret, algorithms: ['HS256'] });`,
    help: JWT_BCP,
    source: 'ASVS 9.1.1, RFC 8725 3.1',
  },
  'expired-accepted': {
    title: 'An expired credential is accepted at CONNECT',
    attacker: 'A credential that leaked long ago, in a log or a backup, opens connections for ever.',
    mend: 'Check the expiry when the credential is verified. A library does so unless it is told not to (ignoreExpiration); opaque tokens need an expiry in their store.',
    help: JWT_BCP,
    source: 'ASVS 9.2.1',
  },
  'forbidden-user': {
    title: 'A user whom the application refuses is served',
    attacker:
      'A banned or deleted user, or one without the right role, still has a valid token and is served as before.',
    mend: 'A valid signature says who the user is, and not that the user is welcome. Look the user up before CONNECT is accepted, in the same middleware.',
    code: MIDDLEWARE,
    help: OWASP,
    source: 'ASVS 8.3.1',
  },
  'outlives-expiry': {
    title: 'A connection outlives its credential',
    attacker: 'Whoever has stolen a credential once connects while it is valid, and keeps the connection for days.',
    mend: 'Note the expiry when the client connects, compare it for each message, and end the connection by a timer. setTimeout takes at most 24.8 days.',
    code: `const timer = setTimeout(() => socket.disconnect(true), Math.min(claims.exp * 1000 - Date.now(), 2 ** 31 - 1));
socket.once('disconnect', () => clearTimeout(timer));`,
    help: OWASP,
    source: 'ASVS 7.3.2',
  },
  'outlives-sign-out': {
    title: 'A sign-out does not end the connection, or not the credential',
    attacker:
      'A user signs out because somebody else has the session. The other one stays connected, or connects again with the same credential.',
    mend: 'At the sign-out, end the connections of the session on all nodes (join each socket to a room by its session, then disconnectSockets(true)), and remember that the credential has ended.',
    code: `server.in(\`session:\${sessionId}\`).disconnectSockets(true);`,
    help: OWASP,
    source: 'ASVS 7.4.1',
  },
  'outlives-ban': {
    title: 'A ban does not end the connection, or not the credential',
    attacker: 'A banned user goes on as before.',
    mend: 'At the ban, end the connections of the user on all nodes (join each socket to a room by its user, then disconnectSockets(true)), and look the user up before CONNECT is accepted.',
    code: `server.in(\`user:\${userId}\`).disconnectSockets(true);`,
    help: OWASP,
    source: 'ASVS 7.4.2',
  },
  'stale-roles': {
    title: 'A user keeps a role that was taken away',
    attacker: 'A user whose role was taken away goes on using it until the connection ends.',
    mend: 'Check the role for each message against what is stored, or end the connections of the user when roles change.',
    help: NEST_GUARDS,
    source: 'ASVS 8.3.2',
  },
  'foreign-origin': {
    title: 'A foreign page can connect as the user',
    attacker:
      "The page of an attacker opens a WebSocket to your server. The visitor's browser attaches the cookie, and the page reads and writes as the visitor (cross-site WebSocket hijacking).",
    mend: 'Check the Origin in allowRequest: cors.origin does not stop WebSockets, since browsers send no preflight for them. Set SameSite on the cookie, too.',
    code: `const origins = new Set(['https://app.example']);
super.createIOServer(port, {
  ...options,
  allowRequest: (request, decide) => decide(null, origins.has(request.headers.origin ?? '')),
});`,
    help: OWASP,
    source: 'ASVS 4.4.2, RFC 6455 10.2',
  },
  'credential-in-url': {
    title: 'The credential stands in the URL',
    attacker: 'Logs of proxies and servers, and monitoring tools, keep URLs. Whoever reads them has the credential.',
    mend: 'Take the credential from handshake.auth or from a header. Where only a URL is possible, use a ticket that lives for seconds and works once.',
    help: OWASP,
    source: 'ASVS 14.2.1',
  },
  'root-open': {
    title: 'The namespace / is open beside the audited one',
    attacker: 'Anybody joins / and keeps the connection. Nothing is handled there as far as this run has seen.',
    mend: 'A middleware guards one namespace alone. Install it for / and for each namespace (server.on("new_namespace", ...)) in an adapter.',
    code: MIDDLEWARE,
    help: NEST_ADAPTER,
    source: 'ASVS 8.2.1',
  },
} as const satisfies Record<string, FindingText>;

export type FindingId = keyof typeof probeFindings;
