import type { StrategyClient } from '../../strategy.ts';
import { AuthError } from '../errors.ts';

export interface TokenClientOptions {
  /**
   * Where a fresh access token comes from: your login, your identity provider's library. It is asked for the first CONNECT, ahead
   * of the end of a lease, and once a token has ended; one request at a time. `undefined` or `null` means that the user has to
   * sign in again. An error is taken as passing, and asked again later, each time after a longer pause.
   */
  readonly getToken: () => string | null | undefined | Promise<string | null | undefined>;
  /**
   * Whether the server renews on the open connection, as `connection-lease` does. `false` is for `handshake-only`, which is
   * connected to again with each token. Default: `true`.
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
  const fresh = (): Promise<string | undefined> => {
    asked ??= Promise.resolve()
      .then(getToken)
      .then((given) => (token = given ?? undefined))
      .finally(() => (asked = undefined));
    return asked;
  };
  const renew = async (): Promise<boolean> => (await fresh()) !== undefined;
  return {
    async prepare() {
      if (!(await renew())) throw new AuthError('unauthenticated');
    },
    signIn: () => Promise.reject(new TypeError('The application signs in, and getToken answers its token')),
    connectOptions: () => ({ auth: { token } }),
    ...(inBand && { renewal: async () => ((await renew()) ? { accessToken: token } : undefined) }),
    renew,
    async signOut() {
      token = undefined;
    },
    get expiresAt() {
      return endOf(token);
    },
  };
}

/** The claim `exp` of a JWT, in ms since the epoch; undefined of anything else. A client trusts no token: it only plans. */
function endOf(token: string | undefined): number | undefined {
  try {
    const payload = token?.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '';
    const { exp } = JSON.parse(atob(payload)) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
