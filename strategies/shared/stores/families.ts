import type { TokenClaims } from './token-claims.ts';

/** The claims of an access and a refresh token that are handed out together. */
export interface PairClaims {
  readonly access: TokenClaims;
  readonly refresh: TokenClaims;
}

export type Rotation =
  | { readonly outcome: 'rotated' | 'replayed'; readonly pair: PairClaims }
  | { readonly outcome: 'reused' | 'gone' };

/**
 * One refresh token family per sign-in. A family ends when its subject's epoch passes its own. Every step compares both
 * atomically, so no rotation can slip past a revocation. It stores claims and never a token, so that the immediate
 * predecessor's answer can be given again without a secret at rest.
 */
export interface RefreshFamilies {
  begin(pair: PairClaims): Promise<void>;
  /**
   * Atomic. The current refresh token id is replaced by `next` (`rotated`); its immediate predecessor gets the
   * current pair again within `grace` ms (`replayed`); any other id of the family ends it (`reused`).
   */
  rotate(sessionId: string, presentedId: string, next: PairClaims, now: number, grace: number): Promise<Rotation>;
  /** Whether a family of `subject` goes on. It ends with its current refresh token; issued credentials may live longer. */
  has(subject: string, sessionId: string): Promise<boolean>;
  /** Ends the family; its refresh tokens are `gone`. */
  end(sessionId: string): Promise<void>;
}
