import { TokenClient } from '../shared/client/token-client.ts';
import type { CreateClient } from '../strategy.ts';

/** How a client proves itself. */
export const createClient: CreateClient = (options) => {
  const tokens = new TokenClient(options);
  return {
    prepare: () => tokens.prepare(),
    signIn: (username, password) => tokens.signIn(username, password),
    connectOptions: () => ({ auth: { token: tokens.use()?.accessToken } }),
    renew: () => tokens.renew(),
    signOut: (how) => tokens.signOut(how),
    get expiresAt() {
      return tokens.tokens?.expiresAt;
    },
  };
};
