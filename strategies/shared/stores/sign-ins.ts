/** How long a sign-in that has left is known, in ms: longer than a CONNECT that was checked before it left may take. */
export const LEFT_FOR = 60_000;

/** The most sign-ins of one user that are kept. One more replaces the oldest. */
export const MOST_SIGN_INS = 1000;

/** A sign-in that enters. */
export interface Entering {
  /** Made of its session id or token id by `nameOf`. */
  readonly name: string;
  /** The store's epoch, read before. It is kept with the sign-in, and does not change if the sign-in enters again. */
  readonly epoch: number;
  /** When its credential ends at the latest, in ms since the epoch. It is forgotten then, unless it has entered again. */
  readonly until: number;
  /** The name of the token that this one renews: both are one sign-in, and have one place. */
  readonly continues?: string;
}

/** A sign-in that a store keeps. */
export interface KeptSignIn {
  /** More than one only if tokens were renewed. */
  readonly names: readonly string[];
  readonly epoch: number;
  readonly until: number;
}

/** The sign-ins of each user, in the order in which the store saw them first. No clock takes part in that order. */
export interface SignIns {
  /**
   * Atomic. Puts a sign-in at the end of its user's list, unless the list has it already.
   * Returns the whole list, the oldest first; undefined if this sign-in, or the one that it continues, has left.
   */
  enter(subject: string, signIn: Entering): Promise<readonly KeptSignIn[] | undefined>;
  /** Takes a name off the list. It cannot enter again for `LEFT_FOR` ms. */
  leave(subject: string, name: string): Promise<void>;
}

/** A name as stores keep it. */
export interface KeptName extends Omit<KeptSignIn, 'names'> {
  readonly name: string;
  /** Names of one sign-in have the same; a later sign-in has a higher one. */
  readonly place: number;
}

/** The list that `enter` returns, of the names that a store keeps for one user. */
export function signInsOf(kept: readonly KeptName[]): KeptSignIn[] {
  const byPlace = new Map<number, KeptName[]>();
  for (const one of kept.toSorted((a, b) => a.place - b.place)) {
    byPlace.set(one.place, [...(byPlace.get(one.place) ?? []), one]);
  }
  return Array.from(byPlace.values(), (ofOne) => ({
    names: ofOne.map(({ name }) => name),
    epoch: Math.min(...ofOne.map(({ epoch }) => epoch)),
    until: Math.max(...ofOne.map(({ until }) => until)),
  }));
}
