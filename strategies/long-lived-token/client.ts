import { TokenClient } from '../shared/client/token-client.ts';
import type { CreateClient } from '../strategy.ts';
import type { IssuedWsToken } from './long-lived-token.authenticator.ts';

/** Connects with its access token once, and with the WS token that it was handed from then on. */
export const createClient: CreateClient = (options) => {
  const tokens = new TokenClient(options);
  const issued = () => tokens.tokens?.issued as IssuedWsToken | undefined;
  return {
    prepare: () => tokens.prepare(),
    signIn: (username, password) => tokens.signIn(username, password),
    connectOptions() {
      const used = tokens.use();
      return { auth: used?.issued ? { wsToken: used.issued['wsToken'] } : { token: used?.accessToken } };
    },
    accept: (credential) => tokens.keepIssued(credential),
    /** The WS token has run out or was replaced: a fresh access token is exchanged at the next CONNECT. */
    renew: () => tokens.renew(),
    signOut: (how) => tokens.signOut({ ...how, ...(issued() && { wsToken: issued()?.wsToken }) }),
    get expiresAt() {
      return issued()?.expiresAt ?? tokens.tokens?.expiresAt;
    },
  };
};
