import { createHash, hkdfSync } from 'node:crypto';
import { ConfigurationError } from './errors.ts';

const SHORTEST_SECRET = 32;
const HOW = `make one with: node -p "require('node:crypto').randomBytes(32).toString('base64url')"`;

/** Stops the start where the secret is missing or short. The value never enters the message. */
export function requireSecret(secret: unknown): string {
  if (typeof secret !== 'string' || secret === '') {
    throw new ConfigurationError('ERR_SECRET_MISSING', `Cannot start without a secret; ${HOW}`);
  }
  if (Buffer.byteLength(secret) < SHORTEST_SECRET) {
    throw new ConfigurationError(
      'ERR_SECRET_TOO_SHORT',
      `Cannot start with a secret under ${SHORTEST_SECRET} bytes; ${HOW}`,
    );
  }
  return secret;
}

/** Bytes for one purpose, which tell nothing of the secret or of the bytes for another (HKDF, RFC 5869). */
export function deriveBytes(secret: string | undefined, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', requireSecret(secret), '', `nest-ws-auth-lab:${purpose}`, length));
}

/** Names a session or a token, whose own value never leaves: by its hash. */
export const nameOf = (credential: string): string =>
  createHash('sha256').update(credential).digest('base64url').slice(0, 22);
