import { Inject, Injectable } from '@nestjs/common';
import { longestCredential } from '../strategies/shared/lifetimes.ts';
import type { RefusalCode } from '../strategies/strategy.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from './options/options.ts';

/** Whose credentials end: all of a subject, or those of one sign-in or one token. */
export interface Revoked {
  readonly subject: string;
  /** Only this sign-in: the principal's `sessionId`. */
  readonly sessionId?: string;
  /** Only this token: the principal's `tokenId`. */
  readonly tokenId?: string;
}

/** Ends credentials, and the connections that they opened. Inject it where you decide that: a controller, a queue, a test. */
@Injectable()
export class WsAuthService {
  constructor(@Inject(WS_AUTH_OPTIONS) private readonly options: ResolvedOptions) {}

  /**
   * Ends credentials that exist by now, on every node that shares the stores, and closes their connections. A later sign-in
   * of the same subject is not touched; of another issuer's tokens, those that were issued in a later second are not.
   *
   * @param code what the clients are told; `banned` ends no later sign-in either, which your directory does
   * @returns once every other node has heard it, or will read it within a second
   * @throws StoreError where a shared store cannot be reached
   * @example await auth.revoke({ subject: user.id })
   */
  async revoke(revoked: Revoked, code: RefusalCode = 'revoked'): Promise<void> {
    const { clock, lifetimes, stores } = this.options;
    await stores.revocations.publish({ code, ...revoked }, clock.now() + longestCredential(lifetimes));
  }
}
