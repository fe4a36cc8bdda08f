import { TokenClient } from '../shared/token-client.ts';
import type { CreateClient } from '../strategy.ts';
import type { WsTokenGrant } from './long-lived-token.authenticator.ts';

/** Connects with its access token once, and with the WS token that it was handed from then on. */
export const createClient: CreateClient = ({ url }) => {
  const tokens = new TokenClient(url);
  let granted: WsTokenGrant | undefined;
  return {
    async signIn(username, password) {
      granted = undefined;
      await tokens.signIn(username, password);
    },
    connectOptions: () => ({ auth: granted ? { wsToken: granted.wsToken } : { token: tokens.pair?.accessToken } }),
    accept: (grant) => {
      granted = grant as WsTokenGrant;
    },
    /** The WS token has run out or was replaced: a fresh access token is exchanged at the next CONNECT. */
    async renew() {
      granted = undefined;
      return tokens.renew();
    },
    async signOut(options) {
      const wsToken = granted?.wsToken;
      granted = undefined;
      await tokens.signOut({ ...options, ...(wsToken !== undefined && { wsToken }) });
    },
    get expiresAt() {
      return granted?.expiresAt ?? tokens.pair?.expiresAt;
    },
  };
};
