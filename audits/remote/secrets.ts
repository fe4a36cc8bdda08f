import { decodedFrom, encodingsOf } from './encodings.ts';
import { isName, namesSecret } from './names.ts';
import { readingsOf } from './readings.ts';
import { type Target, TargetError } from './target.ts';

/** A shorter text is no secret that could be kept: every report would be full of it. */
const SHORTEST = 4;
/** Any piece of this length, in characters, of a longer secret is redacted like the whole. */
const WINDOW = 8;
/** Shorter than any secret, so that none can be in it. */
const MARK = '***';
/** How often a credential may be within a credential: a token in base64 in JSON. */
const DEEPEST = 3;

/** The longest text, in characters, that is learned from the server. It bounds the memory of the audit. */
const LONGEST_CREDENTIAL = 4096;

/** Texts that say nothing, whatever they are the value of. */
const TRIVIAL = new Set(['true', 'false', 'null', 'undefined', 'none']);
const SCHEMES = new Set(['bearer', 'basic', 'digest', 'token', 'apikey', 'negotiate']);

/** The parts of a target that a report shows in any case. */
type Named = Pick<Target, 'url' | 'namespace'> & Partial<Target>;

/** Part of a credential would have been told: nothing is. */
export class LeakError extends TargetError {
  constructor() {
    super(
      'No report was written, because part of a credential was still in it after redaction. ' +
        'Use a long, random credential that contains no words of a report',
    );
  }
}

/**
 * Every credential that an audit has seen: what its owner gave, what hooks and the server handed out, and what was forged
 * from these. Whatever an audit tells goes through `redact`.
 *
 * A secret is a string or a number of at least 4 characters, whole, or any 8 characters of it. It is found in any letter
 * case, escaped as JSON, a URL, a form or XML do, in base64 and in hex. What a report names by itself (the server's address,
 * its namespace, the event) is no secret, nor is the name of a field, a header or a cookie.
 */
export class Secrets {
  /** By their length: `WINDOW`, or less where the whole secret is shorter. */
  readonly #pieces = new Map<number, Set<string>>();
  readonly #known = new Set<string>();

  /** @param named texts that are no secrets */
  constructor(named: readonly string[] = []) {
    for (const text of named) this.#known.add(text);
  }

  static of({ url, namespace, event = '', credential, unwelcome, logoutUrl }: Named): Secrets {
    const { host, hostname } = new URL(url);
    const secrets = new Secrets([url, host, hostname, namespace, namespace.slice(1), event]);
    secrets.learn([credential, unwelcome, logoutUrl === undefined ? [] : new URL(logoutUrl).search]);
    return secrets;
  }

  /** Takes every string and number in `value`, at any depth, for a secret. */
  learn(value: unknown): void {
    this.#walk(value, 0);
  }

  /** Takes for secrets what a frame of the server hands out: under a name such as `token`, or in an event whose name speaks of a credential. */
  overhear(frame: string): void {
    try {
      const said: unknown = JSON.parse(frame.slice(frame.search(/[[{]/)), (_, value: unknown) =>
        typeof value === 'string' ? value.slice(0, LONGEST_CREDENTIAL) : value,
      );
      if (Array.isArray(said) && /grant|token|credential|ticket|secret/i.test(String(said[0])))
        this.learn(said.slice(1));
      else this.#overhear(said);
    } catch {
      // It is no JSON, or nested too deep for anybody to take it for a credential.
    }
  }

  /** @throws LeakError where a part of a secret is left: which is a fault of this class */
  redact(text: string): string {
    let clean = text;
    for (let round = 0; round < DEEPEST; round++) {
      const covered = this.#find(clean);
      if (covered.length === 0) return clean;
      clean = without(clean, covered);
    }
    if (this.#find(clean).length > 0) throw new LeakError();
    return clean;
  }

  /** @throws LeakError where `text` has a part of a secret in it that the text around it, `blank`, has not */
  requireNone(text: string, blank: string): void {
    const harmless = new Set(this.#find(blank).map(({ piece }) => piece));
    if (this.#find(text).some(({ piece }) => !harmless.has(piece))) throw new LeakError();
  }

  #overhear(said: unknown): void {
    if (typeof said !== 'object' || said === null) return;
    for (const [name, value] of Object.entries(said)) {
      if (namesSecret(name)) this.learn(value);
      else this.#overhear(value);
    }
  }

  #walk(value: unknown, depth: number): void {
    if (typeof value === 'string') this.#takeText(value, depth);
    else if (typeof value === 'number' || typeof value === 'bigint') this.#take(String(value).replace('-', ''));
    else if (Array.isArray(value)) for (const item of value) this.#walk(item, depth);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (!isName(key)) this.#takeText(key, depth);
        this.#walk(item, depth);
      }
    }
  }

  /** The text, its parts (`sid=a.b; pin=c`, `Bearer a.b.c`), and what is encoded in it. */
  #takeText(text: string, depth: number): void {
    this.#take(text);
    if (depth === DEEPEST) return;
    const decoded = decodedFrom(text);
    if (decoded !== undefined) this.#walk(parsed(decoded), depth + 1);
    for (const form of new Set([text, unescapedUrl(text)])) {
      for (const [, part = '', named] of form.matchAll(/([^\s;,&|?"'<>{}()[\]=:]+)(=?)/g)) {
        const name = named !== '' || SCHEMES.has(part.toLowerCase());
        if (name && isName(part)) continue;
        if (part !== text) this.#takeText(part, depth + 1);
        if (part.includes('.')) for (const piece of part.split('.')) this.#takeText(piece, depth + 1);
      }
    }
  }

  #take(text: string): void {
    if (text.length < SHORTEST || TRIVIAL.has(text.toLowerCase()) || this.#known.has(text)) return;
    this.#known.add(text);
    for (const encoding of encodingsOf(text)) {
      for (const { text: reading } of readingsOf(encoding)) {
        const length = Math.min(reading.length, WINDOW);
        if (length < SHORTEST) continue;
        const pieces = this.#pieces.get(length) ?? new Set();
        this.#pieces.set(length, pieces);
        for (let at = 0; at + length <= reading.length; at++) pieces.add(reading.slice(at, at + length));
      }
    }
  }

  /** Finds the pieces of secrets in a text, in every reading of it. */
  #find(text: string): Found[] {
    const found: Found[] = [];
    for (const reading of readingsOf(text)) {
      for (const [length, pieces] of this.#pieces) {
        for (let at = 0; at + length <= reading.text.length; at++) {
          const piece = reading.text.slice(at, at + length);
          if (pieces.has(piece)) found.push({ piece, from: reading.from[at]!, to: reading.to[at + length - 1]! });
        }
      }
    }
    return found;
  }
}

interface Found {
  readonly piece: string;
  readonly from: number;
  readonly to: number;
}

function without(text: string, found: readonly Found[]): string {
  let [clean, done] = ['', 0];
  for (const { from, to } of found.toSorted((one, other) => one.from - other.from)) {
    if (from > done || clean === '') clean += text.slice(done, from) + MARK;
    done = Math.max(done, to);
  }
  return clean + text.slice(done);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unescapedUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
