import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** A small OpenID Connect provider on this machine: it publishes its keys and signs access tokens (RFC 9068). */
export class Provider {
  #keys: { kid: string; privateKey: CryptoKey; jwk: JWK }[] = [];
  #server: Server | undefined;
  #port = 0;
  /** How often it was asked for its keys. */
  asked = 0;

  get issuer(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    if (this.#keys.length === 0) await this.rotate();
    this.#server = createServer((request, response) => {
      if (request.url === '/keys') this.asked += 1;
      const keys = this.#keys.map(({ jwk }) => jwk);
      const body = request.url === '/keys' ? { keys } : { issuer: this.issuer, jwks_uri: `${this.issuer}/keys` };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    });
    await new Promise<void>((listening) => this.#server!.listen(this.#port, '127.0.0.1', listening));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((closed) => this.#server?.close(closed));
  }

  /** Replaces all keys by a new one. */
  async rotate(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const kid = crypto.randomUUID();
    this.#keys = [{ kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }];
  }

  token(subject: string, { roles = [], seconds = 60 }: { roles?: string[]; seconds?: number } = {}): Promise<string> {
    const { kid, privateKey } = this.#keys[0];
    return new SignJWT({ roles })
      .setProtectedHeader({ alg: 'RS256', kid, typ: 'at+jwt' })
      .setIssuer(this.issuer)
      .setAudience('orders')
      .setSubject(subject)
      .setJti(crypto.randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${seconds} s`)
      .sign(privateKey);
  }
}
