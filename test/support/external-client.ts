import { AuthError } from '../../strategies/shared/errors.ts';
import { post } from '../../strategies/shared/client/http-client.ts';
import type { CreateClient, IssuedCredential, Strategy } from '../../strategies/strategy.ts';
import type { Issued, TokenKind } from './external-issuer.ts';

/** The strategy as an application with its own login sees it: without endpoints, and with a client of that login. */
export function withOwnLogin(strategy: Strategy, kind: TokenKind): Strategy {
  const { hardened } = strategy.variants;
  const token = kind === 'opaque' ? 'opaque' : 'jwt';
  const variant = { ...hardened, supports: { ...hardened.supports, token } } as const;
  return {
    ...strategy,
    httpEndpoints: [],
    variants: { ...strategy.variants, hardened: variant },
    client: async () => ({ createClient: clientOf(strategy) }),
  };
}

const clientOf =
  (strategy: Strategy): CreateClient =>
  ({ url }) => {
    const { renewal, issuesCredential } = strategy.variants.hardened.supports;
    let own: Issued | undefined;
    let issued: IssuedCredential | undefined;
    const ask = async (path: string, body: object): Promise<Issued> =>
      (await (await post(`${url}/own/${path}`, body)).json()) as Issued;
    const renew = async (): Promise<boolean> => {
      issued = undefined;
      if (own === undefined) return false;
      try {
        own = await ask('token', { signIn: own.signIn });
        return true;
      } catch (error) {
        if (error instanceof AuthError && error.code === 'expired') return false;
        throw error;
      }
    };
    return {
      async signIn(username, password) {
        issued = undefined;
        own = await ask('login', { username, password });
      },
      connectOptions: () => ({ auth: issued ?? { token: own?.accessToken } }),
      ...(issuesCredential && { accept: ({ wsToken, expiresAt }) => void (issued = { wsToken, expiresAt }) }),
      ...(renewal === 'in-band' && {
        renewal: async () => ((await renew()) ? { accessToken: own?.accessToken } : undefined),
      }),
      renew,
      async signOut({ everywhere = false } = {}) {
        const signIn = own?.signIn;
        own = undefined;
        issued = undefined;
        if (signIn !== undefined) await post(`${url}/own/logout`, { signIn, everywhere });
      },
      get expiresAt() {
        return (issued?.['expiresAt'] as number | undefined) ?? own?.expiresAt;
      },
    };
  };
