/** How many failed sign-ins are too many within 15 minutes; each limit can be switched off alone, with `false`. */
export interface SignInLimits {
  /** For one account from one network address. Its owner, at another address, is not kept out. */
  readonly failedSignInsPerAccount: number | false;
  /** From one network address (an IPv6 one by its /64), whatever the accounts. */
  readonly failedSignInsPerAddress: number | false;
}

export const defaultSignInLimits: SignInLimits = {
  failedSignInsPerAccount: 10,
  failedSignInsPerAddress: 100,
};
