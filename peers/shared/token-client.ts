import { post } from '../../strategies/shared/client/http-client.ts';
import type { CreateClient, StrategyClient } from '../../strategies/strategy.ts';

/** The client of a peer with one token: `carry` says where its CONNECT holds it. */
export const tokenClient =
  (carry: (token: string) => ReturnType<StrategyClient['connectOptions']>): CreateClient =>
  ({ url }) => {
    let token: string | undefined;
    return {
      async signIn(username, password) {
        const response = await post(`${url}/auth/login`, { username, password });
        ({ token } = (await response.json()) as { token: string });
      },
      connectOptions: () => (token === undefined ? {} : carry(token)),
      renew: async () => false,
      /** None of them has a sign-out: the token is forgotten here, and passes on there. */
      async signOut() {
        token = undefined;
      },
      get expiresAt() {
        return token === undefined ? undefined : expiryOf(token);
      },
    };
  };

/** In ms since the epoch. */
function expiryOf(token: string): number | undefined {
  const [, payload = ''] = token.split('.');
  const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: number };
  return exp === undefined ? undefined : exp * 1000;
}
