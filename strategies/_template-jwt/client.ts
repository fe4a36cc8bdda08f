import { TokenClient } from '../shared/client/token-client.ts';
import type { CreateClient } from '../strategy.ts';

/** How a client proves itself. */
export const createClient: CreateClient = ({ url }) => {
  const tokens = new TokenClient(url);
  return {
    signIn: (username, password) => tokens.signIn(username, password),
    connectOptions: () => ({ auth: { token: tokens.pair?.accessToken } }),
    renew: () => tokens.renew(),
    signOut: (options) => tokens.signOut(options),
    get expiresAt() {
      return tokens.pair?.expiresAt;
    },
  };
};
