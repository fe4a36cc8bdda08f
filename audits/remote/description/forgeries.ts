import { createHmac, generateKeyPairSync, type KeyObject, randomBytes, randomInt, sign, constants } from 'node:crypto';

interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly parts: readonly [string, string, string];
}

/** The parts of a signed JWT; undefined for any other credential. */
function jwtOf(credential: string): Jwt | undefined {
  const [, head = '', body = '', signature = ''] = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(credential) ?? [];
  try {
    const [header, claims] = [head, body].map(
      (part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown,
    );
    if (!isObject(header) || !isObject(claims) || typeof header['alg'] !== 'string') return undefined;
    return { header, claims, parts: [head, body, signature] };
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** When a JWT ends, in ms since the epoch; undefined for any other credential. */
export function expiryOf(credential: string): number | undefined {
  const exp = jwtOf(credential)?.claims['exp'];
  return typeof exp === 'number' ? exp * 1000 : undefined;
}

/** `s:VALUE.SIGNATURE`, as express-session and cookie-parser sign a cookie, percent-encoded or not. */
const SIGNED_COOKIE = /^(s(?::|%3A))(.+)\.([\w+/-]{20,}|(?:[\w-]|%2B|%2F){20,}(?:%3D)*)=*$/i;

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** The characters that an arbitrary credential replaces. A prefix and percent-encoded bytes stay as they are. */
const CHARACTERS = /^s(?::|%3A)|%[0-9a-f]{2}|[a-z]|[A-Z]|\d/gi;

/** Random characters of the same kinds at the same places. The result always differs. */
export function arbitrary(credential: string): string {
  for (let round = 0; round < 20; round++) {
    const other = credential.replaceAll(CHARACTERS, (one) => {
      if (one.length > 1) return one;
      if (/\d/.test(one)) return String(randomInt(10));
      const letter = LETTERS[randomInt(LETTERS.length)]!;
      return one === one.toLowerCase() ? letter : letter.toUpperCase();
    });
    if (other !== credential) return other;
  }
  return `${credential}x`;
}

/** The same claims with a signature of random bytes; undefined where nothing is signed. */
export function withForgedSignature(credential: string): string | undefined {
  const jwt = jwtOf(credential);
  if (jwt !== undefined) {
    const [head, body, signature] = jwt.parts;
    return `${head}.${body}.${randomBytes(Buffer.from(signature, 'base64url').length).toString('base64url')}`;
  }
  const cookie = SIGNED_COOKIE.exec(credential);
  if (cookie === null) return undefined;
  return `${cookie[1]}${cookie[2]}.${inCookie(randomBytes(32), cookie[1]!)}`;
}

/** The same claims, correctly signed by a key that is not the server's; undefined where nothing is signed. */
export function withOtherSecret(credential: string): string | undefined {
  const jwt = jwtOf(credential);
  if (jwt !== undefined) {
    const signed = `${jwt.parts[0]}.${jwt.parts[1]}`;
    const signature = signatureOf(signed, String(jwt.header['alg']));
    return signature === undefined ? undefined : `${signed}.${signature.toString('base64url')}`;
  }
  const cookie = SIGNED_COOKIE.exec(credential);
  if (cookie === null) return undefined;
  const mac = createHmac('sha256', randomBytes(32)).update(decodeURIComponent(cookie[2]!)).digest();
  return `${cookie[1]}${cookie[2]}.${inCookie(mac, cookie[1]!)}`;
}

/** The same claims with `alg: none` and no signature; undefined for what is no JWT. */
export function withoutAlgorithm(credential: string): string | undefined {
  const jwt = jwtOf(credential);
  if (jwt === undefined) return undefined;
  const header = Buffer.from(JSON.stringify({ ...jwt.header, alg: 'none' })).toString('base64url');
  return `${header}.${jwt.parts[1]}.`;
}

function inCookie(bytes: Buffer, prefix: string): string {
  const text = bytes.toString('base64').replace(/=+$/, '');
  return prefix.length > 2 ? encodeURIComponent(text) : text;
}

/** Signs with a fresh key of the kind that the algorithm takes. */
function signatureOf(signed: string, algorithm: string): Buffer | undefined {
  const [, kind, bits] = /^(HS|RS|PS|ES)(256|384|512)$/.exec(algorithm) ?? [];
  const data = Buffer.from(signed);
  if (algorithm === 'EdDSA') return sign(null, data, generateKeyPairSync('ed25519').privateKey);
  if (kind === undefined) return undefined;
  const hash = `sha${bits}`;
  if (kind === 'HS') return createHmac(hash, randomBytes(64)).update(data).digest();
  if (kind === 'ES') {
    const namedCurve = { 256: 'P-256', 384: 'P-384', 512: 'P-521' }[bits as '256'];
    return sign(hash, data, { key: generateKeyPairSync('ec', { namedCurve }).privateKey, dsaEncoding: 'ieee-p1363' });
  }
  const key: KeyObject = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return sign(hash, data, kind === 'PS' ? { key, ...pss } : key);
}
