/** Whether both name the same roles, in any order and however often. */
export function sameRoles(roles: readonly string[], others: readonly string[]): boolean {
  return roles.every((role) => others.includes(role)) && others.every((role) => roles.includes(role));
}
