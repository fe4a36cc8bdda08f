import { cookieSetBy, post } from '../shared/client/http-client.ts';
import type { CreateClient } from '../strategy.ts';

/** The cookie is the credential: a browser sends it by itself, elsewhere it is kept here. `storage` is not used. */
export const createClient: CreateClient = ({ url, path = 'auth', headers, fetch }) => {
  let cookie: string | undefined;
  let expiresAt: number | undefined;
  const own = (): Record<string, string> => (cookie === undefined ? {} : { cookie });
  return {
    async signIn(username, password) {
      const set = cookieSetBy(await post(`${url}/${path}/login`, { username, password }, headers, fetch));
      cookie = set?.cookie;
      const expires = /;\s*expires=([^;]+)/i.exec(`;${set?.attributes}`)?.[1];
      expiresAt = expires === undefined ? undefined : Date.parse(expires);
    },
    connectOptions: () => ({ extraHeaders: own() }),
    /** Activity alone keeps a session alive; one that has ended takes a new sign-in. */
    renew: async () => false,
    async signOut(options = {}) {
      await post(`${url}/${path}/logout`, options, { ...headers, ...own() }, fetch);
      cookie = undefined;
    },
    get expiresAt() {
      return expiresAt;
    },
  };
};
