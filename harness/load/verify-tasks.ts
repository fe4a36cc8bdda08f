import {
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
  verify as verifySignature,
} from 'node:crypto';
import { createVerifier } from 'fast-jwt';
import { jwtVerify, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';

type Algorithm = 'HS256' | 'RS256' | 'ES256' | 'EdDSA';

export interface VerifyTask {
  readonly name: string;
  readonly library: string;
  readonly algorithm: string;
  /** Whether the library remembers a token that it has verified. */
  readonly cached: boolean;
  readonly verify: () => unknown;
  /** @throws where its token is refused, or a forged one is not */
  readonly check: () => Promise<void>;
}

interface Keys {
  readonly sign: KeyObject;
  readonly verify: KeyObject;
}

const pair = ({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }): Keys => ({
  sign: privateKey,
  verify: publicKey,
});
const secretText = randomBytes(32).toString('base64url');
const secret = createSecretKey(Buffer.from(secretText));

const keys: Record<Algorithm, Keys> = {
  HS256: { sign: secret, verify: secret },
  RS256: pair(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  ES256: pair(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  EdDSA: pair(generateKeyPairSync('ed25519')),
};

type Verifier = (token: string) => unknown;

/** What each library does with its documented call; the floor checks the signature and the expiry, and no more. */
const libraries: { library: string; cached: boolean; verifier: (algorithm: Algorithm) => Verifier | undefined }[] = [
  {
    library: 'jose',
    cached: false,
    verifier: (algorithm) => (token) => jwtVerify(token, keys[algorithm].verify, { algorithms: [algorithm] }),
  },
  {
    library: 'jsonwebtoken',
    cached: false,
    // It knows no EdDSA.
    verifier: (algorithm) =>
      algorithm === 'EdDSA'
        ? undefined
        : (token) => jsonwebtoken.verify(token, keys[algorithm].verify, { algorithms: [algorithm] }),
  },
  {
    library: 'jsonwebtoken, secret as a string',
    cached: false,
    // As its README does: the string is first tried as a public key, at each verification.
    verifier: (algorithm) =>
      algorithm === 'HS256'
        ? (token) => jsonwebtoken.verify(token, secretText, { algorithms: [algorithm] })
        : undefined,
  },
  ...[false, true].map((cached) => ({
    library: 'fast-jwt',
    cached,
    verifier: (algorithm: Algorithm) =>
      createVerifier({ key: keyFor(algorithm), algorithms: [algorithm], cache: cached }),
  })),
  { library: 'node:crypto', cached: false, verifier: (algorithm) => (token) => verifyRaw(algorithm, token) },
];

const keyFor = (algorithm: Algorithm): string | Buffer =>
  algorithm === 'HS256' ? secret.export() : keys[algorithm].verify.export({ type: 'spki', format: 'pem' });

function verifyRaw(algorithm: Algorithm, token: string): unknown {
  const dot = token.lastIndexOf('.');
  const signed = Buffer.from(token.slice(0, dot));
  const signature = Buffer.from(token.slice(dot + 1), 'base64url');
  if (!signatureHolds(algorithm, signed, signature)) throw new Error('The signature does not hold');
  const payload = JSON.parse(Buffer.from(token.slice(token.indexOf('.') + 1, dot), 'base64url').toString()) as {
    exp: number;
  };
  if (payload.exp * 1000 <= Date.now()) throw new Error('The token has expired');
  return payload;
}

function signatureHolds(algorithm: Algorithm, signed: Buffer, signature: Buffer): boolean {
  const key = keys[algorithm].verify;
  if (algorithm === 'HS256') {
    const expected = createHmac('sha256', key).update(signed).digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  }
  const hash = algorithm === 'EdDSA' ? null : 'sha256';
  return verifySignature(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** One for each library and algorithm that it knows, and what is left of it when a token is verified once. */
export async function verifyTasks(): Promise<VerifyTask[]> {
  const tasks: VerifyTask[] = [];
  for (const algorithm of Object.keys(keys) as Algorithm[]) {
    const token = await sign(algorithm);
    const forged = `${token.slice(0, -10)}${token.at(-10) === 'A' ? 'B' : 'A'}${token.slice(-9)}`;
    for (const { library, cached, verifier } of libraries) {
      const verify = verifier(algorithm);
      if (verify === undefined) continue;
      const name = `${library} ${algorithm}${cached ? ' cached' : ''}`;
      const check = () => mustTell(name, verify, token, forged);
      tasks.push({ name, library, algorithm, cached, verify: () => verify(token), check });
    }
  }
  return [...tasks, compareExpiry()];
}

const sign = (algorithm: Algorithm): Promise<string> =>
  new SignJWT({ roles: [], sid: 'a-session' })
    .setProtectedHeader({ alg: algorithm })
    .setSubject('somebody')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(keys[algorithm].sign);

async function mustTell(name: string, verify: Verifier, token: string, forged: string): Promise<void> {
  await verify(token);
  try {
    await verify(forged);
  } catch {
    return;
  }
  throw new Error(`${name} let a forged token pass`);
}

/** What a strategy that has verified once does on every later message. */
function compareExpiry(): VerifyTask {
  const connection = { expiresAt: Date.now() + 3_600_000 };
  const verify = () => Date.now() < connection.expiresAt;
  const check = async () => {};
  return { name: 'compare', library: 'compare the expiry', algorithm: 'any', cached: false, verify, check };
}
