import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { TargetError } from '../target.ts';
import { http, type Tls } from '../wire/request.ts';
import { at } from './json-pointer.ts';
import { type Credential, placed, type Presented, presented } from './credential.ts';
import { type Description, filledIn, type RequestOf, type Source } from './schema.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Ends a credential, or what its user may do. @throws TargetError where that fails */
export type End = (credential: Credential) => Promise<void>;

/** A credential: a fresh one each time, where it comes from a sign-in. */
export type Get = () => Promise<Credential>;

/** A described server, and what its owner can do there. */
export interface OwnedServer {
  readonly description: Description;
  readonly tls?: Tls;
  readonly valid?: Get;
  /** Every call of `valid` gives another credential, so that one can be ended without the others. */
  readonly isFresh: boolean;
  readonly second?: Get;
  readonly expired?: Get;
  readonly short?: Get;
  readonly forbidden?: Get;
  readonly signOut?: End;
  readonly ban?: End;
  readonly changeRoles?: End;
  /** Returns once the credential has expired, where its own text does not say when. */
  readonly expire?: End;
  /** How long an expiry may be waited for, in ms. */
  readonly patience: number;
  readonly destructive: boolean;
}

export interface OwnerOptions {
  readonly environment?: Environment;
  /** The folder from which files are named. */
  readonly folder?: string;
  readonly patience?: number;
  readonly destructive?: boolean;
  /** The text of standard input, for the file `-`. */
  readonly input?: () => string;
  /** Called with every secret, before it is used. */
  readonly learn?: (secret: unknown) => void;
}

/** Resolves what a description names: files, variables and requests. */
export function ownedServer(description: Description, options: OwnerOptions = {}): OwnedServer {
  const { environment = process.env, folder = '.', patience = 60_000, destructive = false } = options;
  const { credential, actions } = description;
  const tls = tlsOf(description, folder);
  const get = (source: Source | undefined): Get | undefined =>
    source === undefined ? undefined : getter(source, description, { ...options, environment, folder }, tls);
  const end = (request: RequestOf | undefined, what: string): End | undefined =>
    request === undefined ? undefined : (held) => send(request, held, description, environment, tls, what);
  return {
    description,
    ...(tls && { tls }),
    ...defined({
      valid: get(credential.valid),
      second: get(credential.second),
      expired: get(credential.expired),
      short: get(credential.short),
      forbidden: get(credential.forbidden),
      signOut: end(actions.signOut, 'sign-out'),
      ban: end(actions.ban, 'ban'),
      changeRoles: end(actions.changeRoles, 'change of roles'),
    }),
    isFresh: credential.valid !== undefined && 'signIn' in credential.valid,
    patience,
    destructive,
  };
}

/** Without what is undefined. */
export const defined = <T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as never;

function tlsOf({ tls }: Description, folder: string): Tls | undefined {
  if (tls === undefined) return undefined;
  const { ca, servername, anyCertificate } = tls;
  return defined({ servername, anyCertificate, ca: ca && readFileSync(pathFrom(folder, ca), 'utf8') }) as Tls;
}

const pathFrom = (folder: string, file: string): string => (isAbsolute(file) ? file : join(folder, file));

function getter(
  source: Source,
  description: Description,
  { environment, folder = '.', input, learn = () => {} }: OwnerOptions & { environment: Environment },
  tls: Tls | undefined,
): Get {
  if ('env' in source) {
    const given = environment[source.env];
    if (given === undefined || given === '')
      throw new TargetError(`The variable ${source.env} holds no credential: set it, or change "credential"`);
    const credential = credentialIn(given, source.env, description, learn);
    return () => Promise.resolve(credential);
  }
  if ('file' in source) {
    const text =
      source.file === '-' && input !== undefined ? input() : textOf(pathFrom(folder, source.file), source.file);
    const credential = credentialIn(text, source.file === '-' ? 'standard input' : source.file, description, learn);
    return () => Promise.resolve(credential);
  }
  const { pointer, cookie = pointer === undefined ? cookieOf(description) : undefined, ...request } = source.signIn;
  return async () => {
    const answer = await ask(request, '', description, environment, tls);
    if (answer.status >= 400)
      throw new TargetError(
        `The sign-in at ${request.url} was answered by HTTP ${answer.status}: check "signIn", and the variables in its body`,
      );
    const found = cookie === undefined ? tokenIn(answer.body, pointer) : cookieIn(answer.headers['set-cookie'], cookie);
    learn(found);
    if (found !== undefined) return placed(found, description.credential);
    const where = cookie === undefined ? `no text at ${pointer ?? '(no pointer is given)'}` : `no cookie ${cookie}`;
    throw new TargetError(`The sign-in at ${request.url} gave ${where}: change "pointer" or "cookie"`);
  };
}

function textOf(path: string, named: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TargetError(`Cannot read the credential from ${shown(named)}: ${code}`);
  }
}

/** A value in a wrong place may be the credential itself, so a long one is not repeated. */
export const shown = (given: string): string => (given.length <= 24 ? given : `a text of ${given.length} characters`);

/** A bare credential, or options `{"auth": {...}, "extraHeaders": {...}}` of `io(url, ...)`. */
export function credentialIn(
  text: string,
  from: string,
  description: Description,
  learn: (secret: unknown) => void,
): Credential {
  const trimmed = text.trim();
  if (trimmed === '') throw new TargetError(`There is no credential in ${from}`);
  if (!trimmed.startsWith('{')) {
    learn(trimmed);
    return placed(trimmed, description.credential);
  }
  let options: Presented;
  try {
    options = JSON.parse(trimmed) as Presented;
  } catch {
    // The words of the parser would repeat the credential.
    throw new TargetError(`The credential in ${from} begins like JSON, and is not valid JSON`);
  }
  learn(options);
  const found = presented(options);
  if (found === undefined)
    throw new TargetError(`The credential in ${from} has no text in "auth", "extraHeaders" or "query"`);
  return found;
}

const tokenIn = (body: string, pointer = ''): string | undefined => {
  try {
    const found = at(JSON.parse(body), pointer);
    return typeof found === 'string' ? found : undefined;
  } catch {
    return pointer === '' && body !== '' ? body : undefined;
  }
};

/** The cookie that the server takes the credential from, if it takes it from nowhere else. */
function cookieOf({ credential }: Description): string | undefined {
  const [place = '', ...others] = [credential.at].flat();
  return others.length === 0 && place.startsWith('cookie.') ? place.slice('cookie.'.length) : undefined;
}

function cookieIn(headers: string | string[] | undefined, name: string): string | undefined {
  const cookies = [headers ?? []].flat();
  return cookies
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.slice(name.length + 1)
    .split(';', 1)[0];
}

async function send(
  request: RequestOf,
  credential: Credential,
  description: Description,
  environment: Environment,
  tls: Tls | undefined,
  what: string,
): Promise<void> {
  // Without a place for it, the request carries the credential where the connection does.
  const names = JSON.stringify(request).includes('{credential}');
  const carried = credential.carry(credential.value);
  const token = { authorization: `Bearer ${credential.value}` };
  const headers = names ? {} : Object.keys(carried.headers).length > 0 ? carried.headers : token;
  const answer = await ask(
    { ...request, headers: { ...headers, ...request.headers } },
    credential.value,
    description,
    environment,
    tls,
  );
  if (answer.status >= 400) throw new TargetError(`The ${what} was answered by HTTP ${answer.status}`);
}

function ask(request: RequestOf, value: string, description: Description, environment: Environment, tls?: Tls) {
  const { url, method, headers, body } = filledIn(request, value, environment);
  return http(new URL(url, description.url).href, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(tls && { tls }),
  });
}
