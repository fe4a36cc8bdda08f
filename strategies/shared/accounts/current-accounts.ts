import type { Principal, UserDirectory } from '../../strategy.ts';
import { AuthError } from '../errors.ts';
import { sameRoles } from '../revocation.ts';
import type { Revocations } from '../stores/revocations.ts';
import { type AccessClaims, principalOf } from '../stores/token-claims.ts';
import type { User } from './directory.ts';

/** Accounts as things stand now: a deny-list forgets what a restart or another node's revocation was, and a directory does not. */
export class CurrentAccounts {
  readonly #directory: UserDirectory;
  readonly #revocations: Revocations;

  constructor(directory: UserDirectory, revocations: Revocations) {
    this.#directory = directory;
    this.#revocations = revocations;
  }

  /** @throws AuthError `revoked` or `banned` */
  async requireActive(subject: string): Promise<User> {
    const user = await this.#directory.find(subject);
    if (user === undefined) throw new AuthError('revoked');
    if (user.banned) throw new AuthError('banned');
    return user;
  }

  /** The directory of this node may not know yet what another node's has told the store. */
  async withCurrentRoles(user: User): Promise<User> {
    return { ...user, roles: (await this.#revocations.rolesOf(user.subject)) ?? user.roles };
  }

  /**
   * Who holds a token that was verified.
   * @throws AuthError `revoked`, `banned` or `roles-changed`
   */
  async requirePrincipal(claims: AccessClaims): Promise<Principal> {
    const principal = principalOf(claims);
    const code = await this.#revocations.check(principal);
    if (code !== undefined) throw new AuthError(code);
    const user = await this.requireActive(claims.subject);
    // The check has compared the published roles, if there are any. They outrank a directory that differs.
    if (!sameRoles(user.roles, claims.roles)) {
      const { roles } = await this.withCurrentRoles(user);
      if (!sameRoles(roles, claims.roles)) throw new AuthError('roles-changed');
    }
    return principal;
  }
}
