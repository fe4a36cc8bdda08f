/**
 * Failed sign-ins that are allowed in 15 minutes, counted from the first one. More are refused as `too-many-attempts`
 * (HTTP 429) without a password check. `false` switches one limit off.
 */
export interface SignInLimits {
  /** For one account from one address; a successful sign-in clears it. The owner can still sign in from another address. */
  readonly failedSignInsPerAccount: number | false;
  /**
   * From one address (all of an IPv6 /64), whatever the account. `false` also lifts the bound of 16 password checks that
   * one address may have running or waiting at a time.
   */
  readonly failedSignInsPerAddress: number | false;
}

export const defaultSignInLimits: SignInLimits = {
  failedSignInsPerAccount: 10,
  failedSignInsPerAddress: 100,
};
