import { post } from '../../strategies/shared/client/http-client.ts';
import type { CreateClient } from '../../strategies/strategy.ts';

/** The cookie is the credential. */
export const createClient: CreateClient = ({ url }) => {
  let cookie: string | undefined;
  let expiresAt: number | undefined;
  const headers = (): Record<string, string> => (cookie === undefined ? {} : { cookie });
  return {
    async signIn(username, password) {
      const response = await post(`${url}/auth/login`, { username, password });
      const [set = ''] = response.headers.getSetCookie();
      cookie = set.split(';', 1)[0];
      const expires = /;\s*expires=([^;]+)/i.exec(set)?.[1];
      expiresAt = expires === undefined ? undefined : Date.parse(expires);
    },
    connectOptions: () => ({ extraHeaders: headers() }),
    renew: async () => false,
    async signOut() {
      await post(`${url}/auth/logout`, {}, headers());
      cookie = undefined;
      expiresAt = undefined;
    },
    get expiresAt() {
      return expiresAt;
    },
  };
};
