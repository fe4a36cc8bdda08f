import { createHmac, type KeyObject } from 'node:crypto';

export type Json = Readonly<Record<string, unknown>>;

const encode = (part: Json | string): string =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

const decode = (part: string | undefined): Json => JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Json;

/** A JWT's header and payload, unchecked. */
export function readToken(token: string): { readonly header: Json; readonly payload: Json } {
  const [header, payload] = token.split('.');
  return { header: decode(header), payload: decode(payload) };
}

/** A token of any header and payload, JSON text included, with an HMAC of any key; `sha256` is HS256's. */
export function hmacToken(
  header: Json | string,
  payload: Json | string,
  key: KeyObject | string,
  hash = 'sha256',
): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${createHmac(hash, key).update(input).digest('base64url')}`;
}

/** A token that nobody signed. */
export const unsignedToken = (header: Json, payload: Json, signature = ''): string =>
  `${encode(header)}.${encode(payload)}.${signature}`;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The same bytes in another spelling: the last character of 32 bytes in base64url has two bits that say nothing. */
export function twinOf(token: string): string {
  const last = alphabet.indexOf(token.at(-1)!);
  return token.slice(0, -1) + alphabet[last ^ 1]!;
}

/** One character of a part is another one. */
export function tampered(token: string, part: 0 | 1 | 2): string {
  const parts = token.split('.');
  const [own = ''] = parts.slice(part);
  const middle = Math.floor(own.length / 2);
  parts[part] = own.slice(0, middle) + (own[middle] === 'A' ? 'B' : 'A') + own.slice(middle + 1);
  return parts.join('.');
}
