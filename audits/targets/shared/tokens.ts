import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET = randomBytes(32);

export interface Claims {
  readonly sub: string;
  readonly exp: number;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded = (part = ''): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
const macOf = (signed: string): Buffer => createHmac('sha256', SECRET).update(signed).digest();

/** An HS256 token that lives for `ms`; rounded up to the seconds that a JWT counts. */
export function issue(sub = 'ada', ms = 3_600_000): string {
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub, exp: Math.ceil((Date.now() + ms) / 1000) })}`;
  return `${signed}.${macOf(signed).toString('base64url')}`;
}

/** @throws Error where the token is none, is not signed by this server, or has expired */
export function verify(token: unknown): Claims {
  const { claims, isSigned } = opened(token);
  if (!isSigned) throw new Error('invalid token');
  if (claims.exp * 1000 <= Date.now()) throw new Error('token expired');
  return claims;
}

/** The parts of a token, and whether its signature is right. @throws Error where it is none */
export function opened(token: unknown): { claims: Claims; algorithm: unknown; isSigned: boolean } {
  if (typeof token !== 'string') throw new Error('no token');
  const [head = '', body = '', signature = ''] = token.split('.');
  const { alg } = decoded(head) as { alg?: unknown };
  const [given, right] = [Buffer.from(signature, 'base64url'), macOf(`${head}.${body}`)];
  const isSigned = alg === 'HS256' && given.length === right.length && timingSafeEqual(given, right);
  return { claims: decoded(body) as Claims, algorithm: alg, isSigned };
}

/** The value of a cookie. */
export const cookieIn = (header: string | undefined, name: string): string | undefined =>
  header
    ?.split('; ')
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1);
