import { AuthError, ConfigurationError, ProviderError } from '../errors.ts';
import { Backoff, requireSafeUrl } from './provider.ts';
import { type HolderOptions, requireHolderOptions, type TokenVerifier, verifiedToken } from './verifier.ts';

/** The answer of the endpoint about a token (RFC 7662, 2.2). */
export type Introspected = Readonly<Record<string, unknown>> & { readonly active: boolean };

export interface IntrospectionOptions extends HolderOptions<Introspected> {
  /** The provider's introspection endpoint. */
  readonly endpoint: string;
  /** This server authenticates at the endpoint with `clientId` and `clientSecret`, by HTTP Basic. */
  readonly clientId: string;
  readonly clientSecret: string;
  /**
   * The identifier of this API, which the answer's `aud` must contain. `false` accepts tokens for any API. Use it only if the
   * provider states no audience.
   */
  readonly audience: string | false;
  /** How long the endpoint may take for one answer, in ms. Default: 5000. */
  readonly timeout?: number;
}

/** How long an endpoint that did not answer is not asked again, in ms. */
const PAUSE = 1000;

const names = ['endpoint', 'clientId', 'clientSecret', 'audience', 'timeout'];

function introspected(answer: unknown): Introspected {
  if (typeof (answer as Partial<Introspected> | null)?.active === 'boolean') return answer as Introspected;
  throw new ProviderError('The endpoint did not say whether the token is active');
}

/**
 * Verifies opaque access tokens: asks their issuer (RFC 7662), once at each CONNECT and renewal. Providers also call an
 * unexpired refresh token active. It is refused if the answer names it as one in `token_use`, `typ` or `token_type`, as Hydra
 * and Keycloak do. If your provider says it elsewhere, return undefined from `principal` for it.
 *
 * @throws ConfigurationError `ERR_INTROSPECTION` if an option is invalid
 * @example accessTokens: introspection({ endpoint: 'https://login.example/introspect', clientId, clientSecret, audience: 'chat' })
 */
export function introspection(options: IntrospectionOptions): TokenVerifier {
  requireHolderOptions('ERR_INTROSPECTION', options, names);
  const { endpoint, clientId, clientSecret, audience, timeout = 5000, check, ...reading } = options;
  requireSafeUrl('ERR_INTROSPECTION', 'endpoint', endpoint);
  if (!clientId || !clientSecret) {
    throw new ConfigurationError(
      'ERR_INTROSPECTION',
      'clientId or clientSecret is missing. Pass both: this server authenticates with them at the endpoint',
    );
  }
  if (audience !== false && (typeof audience !== 'string' || audience === '')) {
    throw new ConfigurationError(
      'ERR_INTROSPECTION',
      'audience is missing, so tokens for other APIs would be accepted. Pass the aud of this API, or false if the provider states none',
    );
  }
  const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':');
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const backoff = new Backoff(PAUSE, timeout);
  return {
    async verify(token, clock) {
      const response = await backoff.fetch(endpoint, {
        method: 'POST',
        headers: { authorization, accept: 'application/json' },
        body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
      });
      const claims = introspected(await response.json());
      const isOurs = audience === false || [claims['aud']].flat().includes(audience);
      if (!claims.active || !isOurs || isOtherKind(claims)) throw new AuthError('unauthenticated');
      return verifiedToken(token, claims, reading, clock);
    },
    ...(check && { check }),
  };
}

const REFRESH_TOKEN = /refresh|offline/i;
const ACCESS_TOKEN = /^access(?:_token)?$/i;

/** Whether the answer says that the token is no access token. RFC 7662 itself has no member for that. */
function isOtherKind({ token_use: use, typ, token_type: type }: Readonly<Record<string, unknown>>): boolean {
  const isNamed = [typ, type].some((name) => typeof name === 'string' && REFRESH_TOKEN.test(name));
  return isNamed || (use !== undefined && !(typeof use === 'string' && ACCESS_TOKEN.test(use)));
}
