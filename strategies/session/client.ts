import { post } from '../shared/client/http-client.ts';
import type { CreateClient } from '../strategy.ts';

/** The cookie is the credential: a browser sends it by itself, elsewhere it is kept here. */
export const createClient: CreateClient = ({ url, path = 'auth' }) => {
  let cookie: string | undefined;
  let expiresAt: number | undefined;
  const headers = (): Record<string, string> => (cookie === undefined ? {} : { cookie });
  return {
    async signIn(username, password) {
      const response = await post(`${url}/${path}/login`, { username, password });
      const [set] = response.headers.getSetCookie();
      cookie = set?.split(';', 1)[0];
      const expires = /;\s*expires=([^;]+)/i.exec(set ?? '')?.[1];
      expiresAt = expires === undefined ? undefined : Date.parse(expires);
    },
    connectOptions: () => ({ extraHeaders: headers() }),
    /** Activity alone keeps a session alive; one that has ended takes a new sign-in. */
    renew: async () => false,
    async signOut(options = {}) {
      await post(`${url}/${path}/logout`, options, headers());
      cookie = undefined;
    },
    get expiresAt() {
      return expiresAt;
    },
  };
};
