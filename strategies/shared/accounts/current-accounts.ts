import type { Principal, UserDirectory } from '../../strategy.ts';
import { AuthError } from '../errors.ts';
import { sameRoles } from '../revocation.ts';
import type { Revocations } from '../stores/revocations.ts';
import { type AccessClaims, principalOf } from '../stores/token-claims.ts';
import type { User } from './directory.ts';

/** The current state of accounts. It asks the directory too, because a deny-list can lose revocations, as at a restart. */
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

  /** Roles in the store come first: this node's directory may not know yet of a change on another node. */
  async withCurrentRoles(user: User): Promise<User> {
    return { ...user, roles: (await this.#revocations.rolesOf(user.subject)) ?? user.roles };
  }

  /**
   * Returns the holder of a verified token, after checking the account.
   * @throws AuthError `revoked`, `banned` or `roles-changed`
   */
  async requirePrincipal(claims: AccessClaims): Promise<Principal> {
    const principal = await requireUnrevoked(claims, this.#revocations);
    const user = await this.requireActive(claims.subject);
    // The check has compared the published roles, if there are any. They outrank a directory that differs.
    if (!sameRoles(user.roles, claims.roles)) {
      const { roles } = await this.withCurrentRoles(user);
      if (!sameRoles(roles, claims.roles)) throw new AuthError('roles-changed');
    }
    return principal;
  }
}

/**
 * Returns the holder of a verified token, after checking the revocations.
 * @throws AuthError with the code of a revocation
 */
export async function requireUnrevoked(claims: AccessClaims, revocations: Revocations): Promise<Principal> {
  const principal = principalOf(claims);
  const code = await revocations.check(principal);
  if (code !== undefined) throw new AuthError(code);
  return principal;
}
