import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type CryptoKey, type JWK, SignJWT } from 'jose';

interface Key {
  readonly kid: string;
  readonly algorithm: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** An OpenID Connect provider on loopback: it publishes its keys, signs access tokens, and can be away. */
export class OidcProvider {
  readonly issuer: string;
  /** Requests that reached it, by path. */
  readonly asked: string[] = [];
  isAway = false;
  /** Answers of the introspection endpoint, by token. */
  readonly introspected = new Map<string, object>();
  readonly #server: Server;
  readonly #keys: Key[] = [];

  private constructor(server: Server) {
    this.#server = server;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<OidcProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const provider = new OidcProvider(server);
    server.on(
      'request',
      (request: IncomingMessage, response: ServerResponse) => void provider.#answer(request, response),
    );
    return provider;
  }

  /** A new key, published or not; tokens are signed by the newest. */
  async addKey(algorithm: string, { published = true } = {}): Promise<Key> {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const kid = `${algorithm}-${this.#keys.length}`;
    const key = {
      kid,
      algorithm,
      privateKey,
      jwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' },
    };
    this.#keys.push(key);
    if (!published) this.#unpublished.add(kid);
    return key;
  }

  publish({ kid }: Key): void {
    this.#unpublished.delete(kid);
  }

  readonly #unpublished = new Set<string>();

  /** An access token; `claims` override what it says. */
  token(claims: object = {}, { key = this.#keys.at(-1)!, typ = 'at+jwt' }: { key?: Key; typ?: string } = {}) {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.issuer, aud: 'chat', sub: 'ann', iat: now, exp: now + 60, ...claims })
      .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ })
      .sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(request.url ?? '');
    if (this.isAway) return void request.socket.destroy();
    const body = await this.#bodyFor(request);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  }

  async #bodyFor(request: IncomingMessage): Promise<object | undefined> {
    if (request.url === '/.well-known/openid-configuration') {
      return { issuer: this.issuer, jwks_uri: `${this.issuer}/keys` };
    }
    if (request.url === '/keys') {
      return { keys: this.#keys.filter(({ kid }) => !this.#unpublished.has(kid)).map(({ jwk }) => jwk) };
    }
    if (request.url !== '/introspect' || request.headers.authorization !== `Basic ${btoa('chat:a%20secret')}`)
      return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('token') ?? '';
    return this.introspected.get(token) ?? { active: false };
  }
}
