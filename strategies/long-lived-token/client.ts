import { TokenClient } from '../shared/client/token-client.ts';
import type { CreateClient } from '../strategy.ts';
import type { IssuedWsToken } from './long-lived-token.authenticator.ts';

/** Connects with its access token once, and with the WS token that it was handed from then on. */
export const createClient: CreateClient = (options) => {
  const tokens = new TokenClient(options);
  let issued: IssuedWsToken | undefined;
  return {
    async signIn(username, password) {
      issued = undefined;
      await tokens.signIn(username, password);
    },
    connectOptions: () => ({ auth: issued ? { wsToken: issued.wsToken } : { token: tokens.pair?.accessToken } }),
    accept: (credential) => {
      issued = credential as IssuedWsToken;
    },
    /** The WS token has run out or was replaced: a fresh access token is exchanged at the next CONNECT. */
    async renew() {
      issued = undefined;
      return tokens.renew();
    },
    async signOut(how) {
      const wsToken = issued?.wsToken;
      issued = undefined;
      await tokens.signOut({ ...how, ...(wsToken !== undefined && { wsToken }) });
    },
    get expiresAt() {
      return issued?.expiresAt ?? tokens.pair?.expiresAt;
    },
  };
};
