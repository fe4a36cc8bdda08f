import { Inject, Injectable } from '@nestjs/common';
import { longestCredential } from '../strategies/shared/lifetimes.ts';
import { requireNames, wrongOption } from '../strategies/shared/option-names.ts';
import { type RefusalCode, refusals } from '../strategies/strategy.ts';
import { Connections } from './connections/connections.ts';
import type { ConnectionCounters } from './connections/counters.ts';
import { type ResolvedOptions, WS_AUTH_OPTIONS } from './options/options.ts';

/** Selects credentials: all of a subject, or only those of one sign-in or one token. */
export interface Revoked {
  readonly subject: string;
  /** Only this sign-in: the principal's `sessionId`. */
  readonly sessionId?: string;
  /**
   * Only this token: the principal's `tokenId`. The WS token of `long-lived-token` has an id of its own; pass `sessionId`
   * to end it together with the access token.
   */
  readonly tokenId?: string;
}

/** Revokes credentials, closes their connections, and counts. Inject it into a controller, a queue worker or a test. */
@Injectable()
export class WsAuthService {
  // Properties, since the types of parameters would be in the package.
  @Inject(WS_AUTH_OPTIONS) private readonly options!: ResolvedOptions;
  @Inject(Connections) private readonly connections!: Connections;

  /**
   * Revokes the credentials that exist now, and closes their connections, on every node that shares the stores. A later sign-in
   * of the same subject stays valid. So do tokens of another issuer that are issued in a later second.
   *
   * @param code the refusal code that the clients get. `banned` does not prevent a later sign-in: your directory must do that
   * @returns when every other node knows the revocation, or will read it within a second
   * @throws StoreError if a shared store cannot be reached
   * @example await auth.revoke({ subject: user.id })
   */
  async revoke(revoked: Revoked, code: RefusalCode = 'revoked'): Promise<void> {
    requireRevoked(revoked, code);
    const { clock, lifetimes, stores } = this.options;
    await stores.revocations.publish({ code, ...revoked }, clock.now() + longestCredential(lifetimes));
  }

  /** How many connections of this node are open, and how many were accepted, renewed, refused and cut so far, by code. */
  counters(): ConnectionCounters {
    return this.connections.counters();
  }
}

/** JavaScript, and a value of type any, could end everyone's connections or nobody's. */
function requireRevoked(revoked: Revoked, code: string): void {
  requireNames(revoked, ['subject', 'sessionId', 'tokenId'], 'revoke.');
  for (const [name, value] of Object.entries(revoked) as [string, unknown][]) {
    if (typeof value !== 'string' || value === '')
      throw wrongOption(`revoke.${name} must be a text that is not empty`, value);
  }
  if (revoked.subject === undefined) throw wrongOption('revoke.subject must name an account', revoked.subject);
  if (!Object.hasOwn(refusals, code)) {
    throw wrongOption(`the code of a revocation must be one of ${Object.keys(refusals).join(', ')}`, code);
  }
}
