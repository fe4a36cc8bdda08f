import { AuthError } from '../shared/errors.ts';
import { cookieSetBy, jsonOf, post } from '../shared/client/http-client.ts';
import { exclusively, inTurn, webLocks } from '../shared/client/locks.ts';
import { inBandClient } from '../shared/client/token-client.ts';
import type { CreateClient } from '../strategy.ts';
import type { CookieLease } from './cookie.controller.ts';

export const createClient = inBandClient(true);

/**
 * For pages that hold no refresh token: it is a cookie that a browser keeps, and elsewhere is kept here. After a reload, the
 * first connection gets its access token by that cookie. The tabs of a browser renew in turn; `storage` is not used.
 */
export const createCookieClient: CreateClient = ({ url, path = 'auth', headers, fetch, lock }) => {
  const endpoints = `${url}/${path}/cookie`;
  const locks = lock ?? webLocks() ?? inTurn();
  let cookie: string | undefined;
  let lease: CookieLease | undefined;
  /** A lease that comes after a sign-out is not kept. */
  let signIns = 0;
  const ask = async (endpoint: string, body: object): Promise<Response> => {
    const own = cookie === undefined ? {} : { cookie };
    const response = await post(`${endpoints}/${endpoint}`, body, { ...headers, ...own }, fetch);
    cookie = cookieSetBy(response)?.cookie;
    return response;
  };
  const renew = (): Promise<boolean> =>
    exclusively(locks, `ws-auth:${endpoints}`, async () => {
      const current = signIns;
      try {
        const renewed = await leaseOf(await ask('refresh', {}));
        if (signIns === current) lease = renewed;
        return lease !== undefined;
      } catch (error) {
        if (error instanceof AuthError && error.code === 'expired') return false;
        throw error;
      }
    });
  return {
    async prepare() {
      if (lease === undefined && !(await renew())) throw new AuthError('unauthenticated');
    },
    async signIn(username, password) {
      signIns += 1;
      lease = await leaseOf(await ask('login', { username, password }));
    },
    connectOptions: () => ({ auth: { token: lease?.accessToken } }),
    /** What came over HTTP is told to the connection, which goes on. */
    renewal: async () => ((await renew()) ? { accessToken: lease?.accessToken } : undefined),
    renew,
    async signOut(options = {}) {
      signIns += 1;
      lease = undefined;
      await ask('logout', options);
    },
    get expiresAt() {
      return lease?.expiresAt;
    },
  };
};

/** @throws AuthError `failed` if a proxy has answered in the server's place */
async function leaseOf(response: Response): Promise<CookieLease> {
  const { accessToken, expiresAt } = ((await jsonOf(response)) ?? {}) as Partial<CookieLease>;
  if (typeof accessToken !== 'string' || typeof expiresAt !== 'number') throw new AuthError('failed');
  return { accessToken, expiresAt };
}
