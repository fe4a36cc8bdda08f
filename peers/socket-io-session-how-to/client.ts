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
      expiresAt = expires === undefined ? undefined : endOf(Date.parse(expires));
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

/** A cookie's date has whole seconds and is cut off: the session lives for a whole number of them from now on. */
const endOf = (date: number): number => Date.now() + 1000 * Math.ceil((date - Date.now()) / 1000);
