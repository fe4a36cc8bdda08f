import { TokenClient } from '../shared/token-client.ts';
import type { CreateClient } from '../strategy.ts';

/** Renews with its refresh token on the connection, or over HTTP where there is none. */
export const createClient: CreateClient = ({ url }) => {
  const tokens = new TokenClient(url);
  return {
    signIn: (username, password) => tokens.signIn(username, password),
    connectOptions: () => ({ auth: { token: tokens.pair?.accessToken } }),
    accept: (grant) => tokens.accept(grant),
    renewal: () => tokens.pair && { refreshToken: tokens.pair.refreshToken },
    renew: () => tokens.renew(),
    signOut: (options) => tokens.signOut(options),
    get expiresAt() {
      return tokens.pair?.expiresAt;
    },
  };
};
