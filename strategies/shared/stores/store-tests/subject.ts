import { randomUUID } from 'node:crypto';
import type { Stores } from '../stores.ts';
import type { PairClaims } from '../families.ts';
import type { TokenClaims } from '../token-claims.ts';
import { ManualClock } from './manual-clock.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The stores that are tested. */
export interface TestedStores extends Stores {
  /** Opens the stores of another node on the same data. Leave it out for stores of one process. */
  another?(): Promise<Stores>;
  /** How many entries, such as rows or keys, are kept. Without it, nothing checks that what has run out is deleted. */
  size?(): number | Promise<number>;
  /** Called after each test. */
  close?(): void | Promise<void>;
}

/** Opens stores that hold nothing yet. Whatever expires in them must expire by `clock`. */
export type CreateStores = (clock: ManualClock) => TestedStores | Promise<TestedStores>;

/** The stores of one test, with what the tests share. */
export interface Subject extends TestedStores {
  readonly clock: ManualClock;
  /** An hour from now, in ms since the epoch. */
  later(): number;
}

export interface StoreTest {
  /** The name that `except` takes. */
  readonly id: string;
  readonly promise: string;
  readonly run: (subject: Subject) => Promise<void>;
}

export async function withStores(create: CreateStores, run: StoreTest['run']): Promise<void> {
  const clock = new ManualClock();
  const stores = await create(clock);
  try {
    const { revocations, families, sessions, attempts, signIns } = stores;
    await run({
      revocations,
      families,
      sessions,
      attempts,
      signIns,
      ...(stores.another && { another: () => stores.another!() }),
      ...(stores.size && { size: () => stores.size!() }),
      clock,
      later: () => clock.now() + HOUR,
    });
  } finally {
    await stores.close?.();
  }
}

/** The claims of a new pair of tokens. */
export function pairOf(clock: ManualClock, given: Partial<TokenClaims> = {}): PairClaims {
  const issuedAt = clock.now();
  const times = { issuedAt, expiresAt: issuedAt + DAY, endsAt: issuedAt + 30 * DAY };
  const claims = { subject: 'ann', roles: [], sessionId: 'family', epoch: 0, ...times, ...given };
  return { access: { ...claims, tokenId: randomUUID() }, refresh: { ...claims, tokenId: randomUUID() } };
}

export const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

/** Waits until `holds`, at most 5 s: a store may expire by its own time, and another node may hear a little later. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let left = 200; left > 0; left--) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}
