import type { Description } from './schema.ts';
import { filledIn } from './schema.ts';

/** The credential as a connection carries it, and the first message if the server authenticates by one. */
export interface Carried {
  readonly auth: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly message?: { readonly event: string; readonly arguments: readonly unknown[] };
}

/** A credential, and how a connection carries it or another value in its place. */
export interface Credential {
  readonly value: string;
  /** Undefined: the connection carries no credential. */
  carry(value: unknown): Carried;
  /** A browser attaches it to any request by itself. */
  readonly isAmbient: boolean;
  /** The place that it is sent in, as a description names it. */
  readonly places: readonly string[];
  /** It stands in the URL. */
  readonly isInUrl: boolean;
}

/** Options of `io(url, ...)`, or what stands in a credential file. */
export interface Presented {
  readonly auth?: Readonly<Record<string, unknown>> | undefined;
  readonly extraHeaders?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

/** A header, a cookie and a query hold nothing but text. */
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const NOTHING: Carried = { auth: {}, headers: {}, query: {} };

/** A bare credential at the places that the description names. */
export function placed(value: string, given: Description['credential']): Credential {
  const places = [given.at].flat();
  const carry = (other: unknown): Carried =>
    other === undefined ? NOTHING : places.reduce((carried, place) => withPlace(carried, place, other, given), NOTHING);
  return {
    value: value.trim().replace(/^Bearer /, ''),
    carry,
    places,
    isAmbient: places.some((place) => place.startsWith('cookie.')),
    isInUrl: places.every((place) => place.startsWith('query.')),
  };
}

function withPlace(carried: Carried, place: string, value: unknown, given: Description['credential']): Carried {
  const dot = place.indexOf('.');
  const [kind, name] = dot < 0 ? [place, ''] : [place.slice(0, dot), place.slice(dot + 1)];
  const format =
    given.format ?? (place.toLowerCase() === 'header.authorization' ? 'Bearer {credential}' : '{credential}');
  // A value of another type than text can only be in `auth` and in a message.
  const written = typeof value === 'string' ? format.replaceAll('{credential}', () => value) : value;
  if (kind === 'auth') return { ...carried, auth: nested(carried.auth, name.split('.'), written) };
  if (kind === 'header') return { ...carried, headers: { ...carried.headers, [name.toLowerCase()]: asText(written) } };
  if (kind === 'query') return { ...carried, query: { ...carried.query, [name]: asText(written) } };
  if (kind === 'cookie') {
    const cookie = [carried.headers['cookie'], `${name}=${asText(written)}`].filter((part) => part !== undefined);
    return { ...carried, headers: { ...carried.headers, cookie: cookie.join('; ') } };
  }
  const message = given.message ?? { event: 'authenticate', arguments: [{ token: '{credential}' }] };
  const filled =
    typeof value === 'string' ? filledIn(message.arguments, value, {}) : replaced(message.arguments, value);
  return { ...carried, message: { event: message.event, arguments: filled } };
}

function nested(
  target: Readonly<Record<string, unknown>>,
  [first = '', ...rest]: string[],
  value: unknown,
): Record<string, unknown> {
  const inner = target[first];
  const below = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  return { ...target, [first]: rest.length === 0 ? value : nested(below, rest, value) };
}

const replaced = (value: readonly unknown[], by: unknown): unknown[] =>
  JSON.parse(JSON.stringify(value), (_, item: unknown) => (item === '{credential}' ? by : item)) as unknown[];

/** Names under which a credential usually stands; of several strings the best name wins, then the longest. */
const NAMED = /token|authori[sz]ation|cookie|jwt|secret|session|sid|key|ticket|credential|pass|pin/i;

/** The credential of whole client options: the most secret string in them. Everything else is sent unchanged. */
export function presented(options: Presented): Credential | undefined {
  const tree = {
    auth: options.auth ?? {},
    headers: lowerCased(options.extraHeaders ?? {}),
    query: options.query ?? {},
  };
  const [best] = leavesOf(tree, [])
    .map((leaf) => ({ ...leaf, ...secretIn(leaf) }))
    .filter(({ secret }) => secret.length > 0)
    .toSorted((a, b) => rank(b) - rank(a) || b.secret.length - a.secret.length);
  if (best === undefined) return undefined;
  const { path, before, secret, after } = best;
  const isCookie = path[1] === 'cookie';
  const cookie = /([^=;\s]+)=$/.exec(before)?.[1];
  return {
    value: secret,
    carry(other) {
      const isText = typeof other === 'string' || path[0] !== 'auth' || before + after !== '';
      const whole = isText ? before + asText(other) + after : other;
      return replacedAt(tree, path, other === undefined ? undefined : whole) as Carried;
    },
    places: [isCookie ? `cookie.${cookie}` : path.join('.').replace(/^headers\./, 'header.')],
    isAmbient: isCookie,
    isInUrl: path[0] === 'query',
  };
}

interface Leaf {
  readonly path: readonly string[];
  readonly text: string;
}

const leavesOf = (value: unknown, path: readonly string[]): Leaf[] => {
  if (typeof value === 'string' || typeof value === 'number') return [{ path, text: String(value) }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
};

const rank = ({ path, secret }: Leaf & { secret: string }): number =>
  Number(NAMED.test(path.at(-1) ?? '')) + 2 * Number(/^[\w-]+\.[\w-]+\.[\w-]*$/.test(secret));

/** The secret part of a text: without the scheme of a header, and without the other cookies. */
function secretIn({ path, text }: Leaf): { before: string; secret: string; after: string } {
  if (path.at(-1) !== 'cookie') {
    const [scheme = ''] = /^(?:Bearer|Token|ApiKey) /i.exec(text) ?? [];
    return { before: scheme, secret: text.slice(scheme.length), after: '' };
  }
  const cookies = [...text.matchAll(/([^=;\s]+)=([^;]*)/g)];
  const best = cookies.toSorted(
    (a, b) => Number(NAMED.test(b[1]!)) - Number(NAMED.test(a[1]!)) || b[2]!.length - a[2]!.length,
  )[0];
  if (best === undefined) return { before: '', secret: text, after: '' };
  const from = best.index + best[1]!.length + 1;
  return { before: text.slice(0, from), secret: best[2]!, after: text.slice(from + best[2]!.length) };
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** A copy of `value` with another item at `path`; without it for undefined. */
function replacedAt(value: unknown, [first, ...rest]: readonly string[], by: unknown): unknown {
  if (first === undefined) return by;
  const copy: Record<string, unknown> = { ...(value as object) };
  const inner = rest.length === 0 ? by : replacedAt(copy[first], rest, by);
  if (inner === undefined) delete copy[first];
  else copy[first] = inner;
  return copy;
}
