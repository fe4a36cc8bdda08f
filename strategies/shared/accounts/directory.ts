import { randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ConfigurationError } from '../errors.ts';

export interface User {
  readonly subject: string;
  readonly username: string;
  readonly roles: readonly string[];
  readonly banned: boolean;
}

export interface UserChange {
  readonly subject: string;
  readonly kind: 'roles' | 'banned' | 'unbanned' | 'password';
}

/** Finds your users. Implement it for your database; `MemoryDirectory` is for tests and demonstrations. */
export interface UserDirectory {
  /**
   * Returns the user with this name and password, banned or not; otherwise undefined. It must take as long for an unknown name as
   * for a wrong password, or an attacker could find out which names exist.
   */
  verifyPassword(username: string, password: string): Promise<User | undefined>;
  /** Returns the user of this subject, or undefined. */
  find(subject: string): User | undefined | Promise<User | undefined>;
  /** Calls `listener` after roles, ban or password changed; returns a function that stops it. */
  onChange(listener: (change: UserChange) => void): () => void;
}

/** @throws ConfigurationError if a strategy that signs users in has no directory */
export function requireDirectory({ directory }: { readonly directory?: UserDirectory | undefined }): UserDirectory {
  if (directory !== undefined) return directory;
  throw new ConfigurationError(
    'ERR_DIRECTORY_MISSING',
    'The directory is missing. Pass directory, an object that finds your users. With accessTokens or session you need none',
  );
}

export interface NewUser {
  /** A random one where none is given. */
  readonly subject?: string;
  readonly username: string;
  readonly password: string;
  readonly roles?: readonly string[];
}

interface Entry {
  user: User;
  salt: Buffer;
  hash: Buffer;
}

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** How a directory turns a password into what it keeps. */
export type PasswordHash = (password: string, salt: Buffer) => Promise<Buffer>;

/** Node's scrypt at its default cost (N=16384, r=8, p=1). */
export const scryptHash: PasswordHash = (password, salt) => derive(password, salt, 32);

/** Users in memory, with their passwords hashed. A restart loses them. */
export class MemoryDirectory implements UserDirectory {
  #byName = new Map<string, Entry>();
  #bySubject = new Map<string, Entry>();
  readonly #listeners = new Set<(change: UserChange) => void>();
  readonly #hash: PasswordHash;
  readonly #nobody: Entry = {
    user: { subject: '', username: '', roles: [], banned: true },
    salt: randomBytes(16),
    hash: randomBytes(32),
  };

  constructor(hash: PasswordHash = scryptHash) {
    this.#hash = hash;
  }

  /** The same users as another node sees them: it is told of no change that is made here. */
  replica(): MemoryDirectory {
    const replica = new MemoryDirectory(this.#hash);
    replica.#byName = this.#byName;
    replica.#bySubject = this.#bySubject;
    return replica;
  }

  async add({ subject = randomUUID(), username, password, roles = [] }: NewUser): Promise<User> {
    if (this.#byName.has(username) || this.#bySubject.has(subject))
      throw new TypeError('MemoryDirectory has a user of this name or subject already');
    const salt = randomBytes(16);
    const user: User = { subject, username, roles, banned: false };
    const entry = { user, salt, hash: await this.#hash(password, salt) };
    this.#byName.set(username, entry);
    this.#bySubject.set(user.subject, entry);
    return user;
  }

  async verifyPassword(username: string, password: string): Promise<User | undefined> {
    const entry = this.#byName.get(username) ?? this.#nobody;
    const equal = timingSafeEqual(await this.#hash(password, entry.salt), entry.hash);
    return equal && entry !== this.#nobody ? entry.user : undefined;
  }

  find(subject: string): User | undefined {
    return this.#bySubject.get(subject)?.user;
  }

  setRoles(subject: string, roles: readonly string[]): void {
    this.#change(subject, 'roles', (entry) => (entry.user = { ...entry.user, roles }));
  }

  setBanned(subject: string, banned: boolean): void {
    this.#change(subject, banned ? 'banned' : 'unbanned', (entry) => (entry.user = { ...entry.user, banned }));
  }

  async setPassword(subject: string, password: string): Promise<void> {
    const salt = randomBytes(16);
    const hash = await this.#hash(password, salt);
    this.#change(subject, 'password', (entry) => Object.assign(entry, { salt, hash }));
  }

  onChange(listener: (change: UserChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #change(subject: string, kind: UserChange['kind'], apply: (entry: Entry) => void): void {
    const entry = this.#bySubject.get(subject);
    if (entry === undefined) throw new TypeError('MemoryDirectory has no user of this subject');
    apply(entry);
    for (const listener of this.#listeners) listener({ subject, kind });
  }
}
