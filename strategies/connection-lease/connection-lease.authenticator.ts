import { issuedOf, renewFor, requireOwn } from '../shared/tokens/in-band.ts';
import type { AccessTokens } from '../shared/tokens/access-tokens.ts';
import { type AccessClaims, principalOf } from '../shared/stores/token-claims.ts';
import { decisionOf } from '../shared/auth-decision.ts';
import { shapeOf, text } from '../shared/shape.ts';
import {
  type Admitted,
  type AuthConnection,
  type Authenticator,
  type Handshake,
  nothingPresented,
  refused,
  type Revocation,
  type StrategyOptions,
  type AuthDecision,
} from '../strategy.ts';
import type { LeaseEvents } from './lease-events.ts';

/** When the lease ends, in ms since the epoch. */
interface Lease {
  readonly endsAt: number;
}

/** Between which parts of the lease are left when the client is asked to renew it. */
export const renewsAhead = { 'as-published': [1 / 4, 1 / 4], hardened: [1 / 8, 3 / 8] } as const;

/** What renews a lease beside a refresh token: an access token that was got over HTTP. */
const fresh = shapeOf<{ accessToken: string }>({ accessToken: text() });

/**
 * A credential is verified at CONNECT and at each renewal; between them the connection holds a lease until the
 * credential expires, and a message takes one comparison.
 */
export class ConnectionLeaseAuthenticator implements Authenticator<Lease> {
  readonly #tokens: AccessTokens;
  readonly #options: StrategyOptions;
  readonly #events: LeaseEvents;
  readonly #leadOf: (claims: AccessClaims) => number;

  constructor(tokens: AccessTokens, options: StrategyOptions, events: LeaseEvents, random = Math.random) {
    this.#tokens = tokens;
    this.#options = options;
    this.#events = events;
    const [from, to] = renewsAhead[options.variant];
    // Of what is left, so that those who come back together, after a restart, are asked apart as well.
    const jittered = (claims: AccessClaims) =>
      (claims.expiresAt - options.clock.now()) * (from + random() * (to - from));
    const plain = ({ expiresAt, issuedAt }: AccessClaims) => (expiresAt - issuedAt) * from;
    this.#leadOf = options.variant === 'hardened' ? jittered : plain;
  }

  async authenticate(handshake: Handshake): Promise<AuthDecision<Lease>> {
    const decision = await decisionOf<Lease>(async () => {
      const token = this.#options.extractToken(handshake);
      return token === undefined ? nothingPresented : this.#leaseOf(await this.#verify(token));
    });
    if (!decision.admitted) this.#events.refused('connect', decision.code);
    return decision;
  }

  authorize({ admitted }: AuthConnection<Lease>): AuthDecision<Lease> {
    return this.#options.clock.now() < (admitted.state?.endsAt ?? 0) ? admitted : refused('expired');
  }

  /** By a refresh token, which rotates, or by an access token of the same sign-in. */
  async renew({ admitted }: AuthConnection, credential: unknown): Promise<AuthDecision<Lease>> {
    const over = this.#events.renewing();
    const decision = await decisionOf<Lease>(async () => {
      const read = fresh(credential);
      if (read !== undefined) return this.#leaseOf(await this.#verify(read.accessToken, admitted));
      const { pair, claims } = await renewFor(this.#tokens, admitted, credential);
      return { ...this.#leaseOf(claims.access), issued: issuedOf(pair) };
    });
    if (decision.admitted) over();
    else this.#events.refused('renewal', decision.code);
    return decision;
  }

  /** Nothing is reconsidered: who comes so far did not renew in time. */
  async reconsider({ admitted }: AuthConnection<Lease>): Promise<AuthDecision<Lease>> {
    this.#events.ended();
    return admitted;
  }

  onRevoked(listener: (revocation: Revocation) => void): () => void {
    return this.#tokens.revocations.onRevoked(listener);
  }

  /** Whose access token it is; `of` a connection, where it has to be that one's own. */
  async #verify(accessToken: unknown, of?: Admitted): Promise<AccessClaims> {
    const claims = await this.#tokens.verifyAccess(accessToken);
    if (of !== undefined) requireOwn(claims, of);
    await this.#tokens.requireCurrentPrincipal(claims);
    return claims;
  }

  #leaseOf(claims: AccessClaims): Admitted<Lease> {
    const { lifetimes } = this.#options;
    const { expiresAt } = claims;
    return {
      admitted: true,
      principal: principalOf(claims),
      // No renewal moves the sign-in's own end.
      ...(expiresAt < claims.endsAt && { promptAt: expiresAt - this.#leadOf(claims) }),
      cutAt: Math.min(expiresAt + lifetimes.renewalGrace, claims.endsAt),
      state: { endsAt: expiresAt },
    };
  }
}
