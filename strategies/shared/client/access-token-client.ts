import type { StrategyClient } from '../../strategy.ts';
import { AuthError } from '../errors.ts';

export interface TokenClientOptions {
  /**
   * Returns a fresh access token, from your login or from the library of your identity provider. It is called for the
   * first CONNECT, before a lease ends, and after a token has expired. It never runs twice at a time. `undefined` or `null`
   * means that the user has to sign in again. If it throws, it is called again later, each time after a longer pause.
   */
  readonly getToken: () => string | null | undefined | Promise<string | null | undefined>;
  /**
   * Whether the server renews on the open connection, as `connection-lease` does. Use `false` for `handshake-only`: the client
   * reconnects with each new token. Default: `true`.
   */
  readonly inBand?: boolean;
}

/**
 * A client for access tokens that the kit does not issue.
 *
 * @example
 * const client = createTokenClient({ getToken: () => auth.freshAccessToken() });
 * const chat = await AuthSocket.connect(client, 'https://api.example/chat');
 */
export function createTokenClient({ getToken, inBand = true }: TokenClientOptions): StrategyClient {
  let token: string | undefined;
  let asked: Promise<string | undefined> | undefined;
  // A token that comes after a sign-out is not kept.
  let generation = 0;
  const fresh = (): Promise<string | undefined> => {
    const current = generation;
    asked ??= Promise.resolve()
      .then(getToken)
      .then((given) => (generation === current ? (token = given ?? undefined) : undefined))
      .finally(() => (asked = undefined));
    return asked;
  };
  const renew = async (): Promise<boolean> => (await fresh()) !== undefined;
  return {
    async prepare() {
      if (!(await renew())) throw new AuthError('unauthenticated');
    },
    signIn: () =>
      Promise.reject(
        new TypeError('This client does not sign in. Sign in with your application, and let getToken return its token'),
      ),
    connectOptions: () => ({ auth: { token } }),
    ...(inBand && { renewal: async () => ((await renew()) ? { accessToken: token } : undefined) }),
    renew,
    async signOut() {
      generation += 1;
      token = undefined;
      asked = undefined;
    },
    get expiresAt() {
      return endOf(token);
    },
  };
}

/** The claim `exp` of a JWT, in ms since the epoch, or undefined. Not verified: the client only plans its renewal with it. */
function endOf(token: string | undefined): number | undefined {
  try {
    const payload = token?.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '';
    const { exp } = JSON.parse(atob(payload)) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
