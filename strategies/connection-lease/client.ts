import { AuthError } from '../shared/errors.ts';
import { post } from '../shared/client/http-client.ts';
import type { CreateClient } from '../strategy.ts';
import type { CookieLease } from './cookie.controller.ts';

export { createInBandClient as createClient } from '../shared/client/token-client.ts';

/** For pages: the refresh token is a cookie that a browser keeps, and elsewhere is kept here. */
export const createCookieClient: CreateClient = ({ url, path = 'auth' }) => {
  let cookie: string | undefined;
  let lease: CookieLease | undefined;
  const ask = async (endpoint: string, body: object): Promise<Response> => {
    const response = await post(`${url}/${path}/cookie/${endpoint}`, body, cookie === undefined ? {} : { cookie });
    cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0];
    return response;
  };
  const renew = async (): Promise<boolean> => {
    try {
      lease = (await (await ask('refresh', {})).json()) as CookieLease;
      return true;
    } catch (error) {
      if (error instanceof AuthError && error.code === 'expired') return false;
      throw error;
    }
  };
  return {
    async signIn(username, password) {
      lease = (await (await ask('login', { username, password })).json()) as CookieLease;
    },
    connectOptions: () => ({ auth: { token: lease?.accessToken } }),
    /** What came over HTTP is told to the connection, which goes on. */
    renewal: async () => ((await renew()) ? { accessToken: lease?.accessToken } : undefined),
    renew,
    async signOut(options = {}) {
      lease = undefined;
      await ask('logout', options);
    },
    get expiresAt() {
      return lease?.expiresAt;
    },
  };
};
