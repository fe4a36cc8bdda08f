import type { StrategyClient } from '../../strategy.ts';
import { AuthError } from '../errors.ts';
import { failureOr } from './failures.ts';

export interface TokenClientOptions {
  /**
   * Returns a fresh access token, from your login or from the library of your identity provider. It is called for the
   * first CONNECT, before a lease ends, and after a token has expired. It never runs twice at a time.
   *
   * If only a person can help, return `undefined` or `null`, or throw `new AuthError('unauthenticated')`: the connection
   * ends. If it throws anything else, it is called again later, each time after a longer pause.
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
  /** The request under way. Whatever it brings after a sign-out is not kept. */
  let asked: Promise<boolean> | undefined;
  const ask = async (isCurrent: () => boolean): Promise<boolean> => {
    let given: string | null | undefined;
    try {
      given = await getToken();
    } catch (error) {
      throw failureOr('token-unavailable', error);
    }
    if (!isCurrent()) return false;
    token = given ?? undefined;
    return token !== undefined;
  };
  const renew = (): Promise<boolean> => {
    const asking: Promise<boolean> = (asked ??= Promise.resolve()
      .then(() => ask(() => asked === asking))
      .finally(() => {
        if (asked === asking) asked = undefined;
      }));
    return asking;
  };
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
