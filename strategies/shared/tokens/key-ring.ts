import { createSecretKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { ConfigurationError } from '../errors.ts';
import { deriveBytes } from '../secret.ts';

export type Algorithm = 'HS256' | 'ES256';

export interface SigningKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly sign: KeyObject;
  readonly verify: KeyObject;
}

/** An HS256 key; the same secret gives the same key and `kid` on every node. */
export function hmacKey(secret: string | undefined): SigningKey {
  const key = createSecretKey(deriveBytes(secret, 'token-signing', 32));
  return { kid: deriveBytes(secret, 'kid', 9).toString('base64url'), algorithm: 'HS256', sign: key, verify: key };
}

/** A fresh ES256 key pair on P-256. */
export function ecKey(kid: string = randomUUID()): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, algorithm: 'ES256', sign: privateKey, verify: publicKey };
}

/**
 * The keys that sign and verify tokens. The current key signs. After `rotate`, the former key still verifies for a time. A key
 * verifies only its own algorithm, so a public key is never taken for an HMAC secret.
 * @example keys: new KeyRing(ecKey())
 */
export class KeyRing {
  #current: SigningKey;
  readonly #retired = new Map<string, { key: SigningKey; until: number }>();

  /** @throws ConfigurationError where the key does not fit its algorithm */
  constructor(current: SigningKey) {
    this.#current = requireFit(current);
  }

  get current(): SigningKey {
    return this.#current;
  }

  /** The key for a token's header at `now` (ms since the epoch), where the header names one that may verify. */
  find(header: { kid?: string | undefined; alg?: string | undefined }, now: number): SigningKey | undefined {
    const retired = header.kid === undefined ? undefined : this.#retired.get(header.kid);
    const key =
      header.kid === this.#current.kid ? this.#current : retired && now < retired.until ? retired.key : undefined;
    return key?.algorithm === header.alg ? key : undefined;
  }

  /** Signs with `next` from now on; the former key verifies until `until` (ms since the epoch). */
  rotate(next: SigningKey, until: number): void {
    requireFit(next);
    this.#retired.set(this.#current.kid, { key: this.#current, until });
    this.#retired.delete(next.kid);
    this.#current = next;
  }
}

/** Node signs with any key. With a wrong one, nobody accepts the token, or it can be forged. */
function requireFit(key: SigningKey): SigningKey {
  const pair = [key.sign, key.verify];
  const fits =
    key.algorithm === 'ES256'
      ? key.verify.type === 'public' &&
        key.sign.type === 'private' &&
        pair.every(({ asymmetricKeyDetails }) => asymmetricKeyDetails?.namedCurve === 'prime256v1')
      : pair.every(({ symmetricKeySize = 0 }) => symmetricKeySize >= 32);
  if (fits) return key;
  throw new ConfigurationError(
    'ERR_SIGNING_KEY',
    `The key "${key.kid}" does not fit ${key.algorithm}: got ${pair.map(({ type }) => type).join(' and ')}. HS256 needs a secret key of at least 32 bytes; ES256 needs a private and a public key on P-256. Make one with hmacKey(secret) or ecKey()`,
  );
}
