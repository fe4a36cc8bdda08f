import type { TokenClaims } from './token-issuer.ts';

/** The claims of an access and a refresh token that are handed out together. */
export interface PairClaims {
  readonly access: TokenClaims;
  readonly refresh: TokenClaims;
}

export type Rotation =
  | { readonly outcome: 'rotated' | 'replayed'; readonly pair: PairClaims }
  | { readonly outcome: 'reused' | 'gone' };

/**
 * Refresh token families: one a sign-in. It holds the claims of the pair last handed out and never a token,
 * so that the immediate predecessor's answer can be given again without a secret at rest.
 */
export interface RefreshFamilies {
  begin(pair: PairClaims): Promise<void>;
  /**
   * Atomic. The current refresh token id is replaced by `next` (`rotated`); its immediate predecessor gets the
   * current pair again within `grace` ms (`replayed`); any other id of the family ends it (`reused`).
   */
  rotate(sessionId: string, presentedId: string, next: PairClaims, now: number, grace: number): Promise<Rotation>;
  /** Whether it has not ended: it may outlive its refresh token, as what was granted may. */
  has(sessionId: string): Promise<boolean>;
  /** Ends the family; its refresh tokens are `gone`. */
  end(sessionId: string): Promise<void>;
  /** Ends those families of a subject that began at `begunUntil`, in ms since the epoch, or before: it may be told late. */
  endAll(subject: string, begunUntil: number): Promise<void>;
}

interface Family {
  readonly begunAt: number;
  readonly pair: PairClaims;
  readonly previousId?: string;
  readonly rotatedAt: number;
}

export class MemoryRefreshFamilies implements RefreshFamilies {
  readonly #families = new Map<string, Family>();
  #nextSweep = 0;

  async begin(pair: PairClaims): Promise<void> {
    this.#sweep(pair.refresh.issuedAt);
    const { sessionId, issuedAt } = pair.refresh;
    this.#families.set(sessionId, { begunAt: issuedAt, pair, rotatedAt: issuedAt });
  }

  async rotate(
    sessionId: string,
    presentedId: string,
    next: PairClaims,
    now: number,
    grace: number,
  ): Promise<Rotation> {
    const family = this.#families.get(sessionId);
    if (family === undefined) return { outcome: 'gone' };
    if (presentedId === family.pair.refresh.tokenId) {
      this.#families.set(sessionId, { ...family, pair: next, previousId: presentedId, rotatedAt: now });
      return { outcome: 'rotated', pair: next };
    }
    if (presentedId === family.previousId && now <= family.rotatedAt + grace) {
      return { outcome: 'replayed', pair: family.pair };
    }
    this.#families.delete(sessionId);
    return { outcome: 'reused' };
  }

  async has(sessionId: string): Promise<boolean> {
    return this.#families.has(sessionId);
  }

  async end(sessionId: string): Promise<void> {
    this.#families.delete(sessionId);
  }

  async endAll(subject: string, begunUntil: number): Promise<void> {
    for (const [id, { begunAt, pair }] of this.#families) {
      if (pair.refresh.subject === subject && begunAt <= begunUntil) this.#families.delete(id);
    }
  }

  #sweep(now: number): void {
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + 60_000;
    for (const [id, { pair }] of this.#families) {
      if (pair.refresh.endsAt <= now) this.#families.delete(id);
    }
  }
}
