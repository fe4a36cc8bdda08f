import { createHmac, sign, timingSafeEqual, verify } from 'node:crypto';
import type { SigningKey } from './key-ring.ts';

/**
 * Signatures of the compact form (RFC 7515), by Node's synchronous functions. The asynchronous ones, and WebCrypto, take
 * one of libuv's four threads: password hashes that are under way would keep every token waiting.
 */
const ES256 = { hash: 'sha256', dsaEncoding: 'ieee-p1363', bytes: 64 } as const;
/** Bytes of r, and of s behind it. */
const HALF = ES256.bytes / 2;
/** The order of P-256 (FIPS 186-4, D.1.2.3). Where (r, s) is a signature, (r, order - s) is one of the same input. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** In characters of base64url. */
export const signatureLength = { HS256: 43, ES256: 86 } as const;

/** The signature of `input` in base64url. */
export function signatureOf({ algorithm, sign: key }: SigningKey, input: string): string {
  if (algorithm === 'HS256') return createHmac('sha256', key).update(input).digest('base64url');
  const bytes = sign(ES256.hash, Buffer.from(input), { key, dsaEncoding: ES256.dsaEncoding });
  if (hasLowS(bytes)) return bytes.toString('base64url');
  const low = (ORDER - sOf(bytes)).toString(16).padStart(2 * HALF, '0');
  return Buffer.concat([bytes.subarray(0, HALF), Buffer.from(low, 'hex')]).toString('base64url');
}

/** Whether `signature` is one of `input` in its one canonical spelling. */
export function isSignature(key: SigningKey, input: string, signature: string): boolean {
  if (key.algorithm === 'HS256') {
    // The text is compared, and not the bytes: so a last character with other unused bits is no twin of it.
    const [expected, given] = [Buffer.from(signatureOf(key, input)), Buffer.from(signature)];
    return expected.length === given.length && timingSafeEqual(expected, given);
  }
  const bytes = canonicalBytes(signature);
  // (r, s) and (r, order - s) are both valid. Only the lower s is accepted, so that each token has one valid spelling.
  if (bytes?.length !== ES256.bytes || !hasLowS(bytes)) return false;
  return verify(ES256.hash, Buffer.from(input), { key: key.verify, dsaEncoding: ES256.dsaEncoding }, bytes);
}

const sOf = (signature: Buffer): bigint => BigInt(`0x${signature.toString('hex', HALF)}`);

const hasLowS = (signature: Buffer): boolean => sOf(signature) <= ORDER / 2n;

/** JSON as a part of a token. */
export const encodePart = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON in a part of a token; undefined where it is none, no UTF-8 or not spelled canonically. */
export function decodePart(part: string): unknown {
  const bytes = canonicalBytes(part);
  try {
    return bytes && JSON.parse(utf8.decode(bytes));
  } catch {
    // The error would quote the token.
    return undefined;
  }
}

/** Node skips what is no base64url, and unused bits at the end: only the spelling that Node itself writes is taken. */
function canonicalBytes(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}
