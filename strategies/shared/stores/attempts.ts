/** How long an attempt counts, in ms, from the first one of its name. */
export const ATTEMPT_WINDOW = 15 * 60_000;

export interface Counted {
  /** How many attempts there are under this name, this one included. */
  readonly count: number;
  /** In how many ms they are all forgotten. */
  readonly endsIn: number;
}

/** Counts attempts by a name, such as the hash of an address. Every step is atomic, on all nodes that share the store. */
export interface Attempts {
  /** Counts one more. */
  add(name: string): Promise<Counted>;
  /** Takes one back, where any is counted. */
  takeBack(name: string): Promise<void>;
  /** Forgets them all. */
  clear(name: string): Promise<void>;
}
