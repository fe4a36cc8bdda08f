import type { FindingText } from './finding-text.ts';

const OWASP = 'https://cheatsheetseries.owasp.org/cheatsheets/WebSocket_Security_Cheat_Sheet.html';
const JWT_BCP = 'https://www.rfc-editor.org/rfc/rfc8725';
const NEST_GATEWAYS = 'https://docs.nestjs.com/websockets/gateways';
const NEST_GUARDS = 'https://docs.nestjs.com/websockets/guards';

/** The meaning of what the source alone shows. A finding of a probe with the same cause takes its place. */
export const sourceFindings = {
  'decode-without-verify': {
    title: 'A token is decoded, and its signature is never verified',
    attacker: 'Anybody writes a token with the user id that they like. Decoding it succeeds.',
    mend: 'Verify the token (jwtService.verifyAsync, or jwtVerify of jose) with the key and the list of algorithms, before CONNECT is accepted.',
    code: `const claims = await this.jwtService.verifyAsync(token, { secret, algorithms: ['HS256'] });`,
    help: JWT_BCP,
    source: 'ASVS 9.1.1, RFC 8725 3.1',
  },
  'guard-on-hook': {
    title: 'A guard stands on a connection hook, where Nest does not ask it',
    attacker: 'Anybody connects: the guard that should refuse them never runs.',
    mend: 'Check the credential in a middleware (io.use) in an adapter. Guards run for @SubscribeMessage handlers alone.',
    help: NEST_GUARDS,
    source: 'ASVS 8.2.1',
  },
  'uncaught-in-hook': {
    title: 'An error of a connection hook is caught by nobody',
    attacker:
      'A client whose token is refused, or one that connects while the database is away, ends the server for everybody.',
    mend: 'Put try and catch around all of the hook, and disconnect the client in the catch. Filters do not see errors of hooks.',
    code: `async handleConnection(client: Socket) {
  try {
    client.data.user = await this.auth.verify(client.handshake.auth.token);
  } catch {
    client.disconnect(true);
  }
}`,
    help: NEST_GATEWAYS,
    source: 'ASVS 16.5.3',
  },
  'verdict-after-connect': {
    title: 'Handlers run while handleConnection still checks the client',
    attacker: 'A client with a bad credential sends its messages right after CONNECT, and they are handled.',
    mend: 'Nest does not wait for an async handleConnection. Check the credential in a middleware (io.use) in an adapter, or let a guard of every handler check it.',
    help: NEST_GATEWAYS,
    source: 'ASVS 15.4.2',
  },
  'any-origin-with-cookie': {
    title: 'Nothing keeps foreign pages from a cookie session',
    attacker:
      "The page of an attacker opens a WebSocket to your server, and the visitor's browser attaches the cookie (cross-site WebSocket hijacking).",
    mend: 'Check the Origin in allowRequest: cors.origin does not stop WebSockets. Set SameSite on the cookie, too.',
    code: `const origins = new Set(['https://app.example']);
super.createIOServer(port, {
  ...options,
  allowRequest: (request, decide) => decide(null, origins.has(request.headers.origin ?? '')),
});`,
    help: OWASP,
    source: 'ASVS 4.4.2, RFC 6455 10.2',
  },
  'token-in-query': {
    title: 'A credential is read from the query of the URL',
    attacker: 'Logs of proxies and servers, and monitoring tools, keep URLs. Whoever reads them has the credential.',
    mend: 'Take the credential from handshake.auth or from a header. Where only a URL is possible, use a ticket that lives for seconds and works once.',
    help: OWASP,
    source: 'ASVS 14.2.1',
  },
  'secret-in-source': {
    title: 'The secret of the tokens stands in the source',
    attacker: 'Whoever reads the repository, a backup of it or an image writes valid tokens for every user.',
    mend: 'Take the secret from the environment or a secret store, refuse to start without it, and replace the one that was published.',
    help: JWT_BCP,
    source: 'ASVS 13.3.1',
  },
  'string-secret': {
    title: 'jsonwebtoken is given its secret as a text',
    attacker:
      'Little: every token, a forged one included, costs the server many times the computing time that it needs.',
    mend: 'Make the key once at the start, and pass it.',
    code: `const key = createSecretKey(Buffer.from(secret));`,
    help: 'https://nodejs.org/api/crypto.html#cryptocreatesecretkeykey-encoding',
    source: 'ASVS 15.2.2',
  },
} as const satisfies Record<string, FindingText>;

export type SourceFindingId = keyof typeof sourceFindings;
