import { createRemoteJWKSet, customFetch, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { AuthError, ConfigurationError, ProviderError } from '../errors.ts';
import { shapeOf, text } from '../shape.ts';
import { Backoff, requireSafeUrl } from './provider.ts';
import { type HolderOptions, requireHolderOptions, type TokenVerifier, verifiedToken } from './verifier.ts';

/** The claims of a JWT: the registered ones (RFC 7519, 4.1), and any other. Times are in seconds since the epoch. */
export interface JwtClaims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | string[];
  readonly jti?: string;
  readonly nbf?: number;
  readonly exp?: number;
  readonly iat?: number;
  readonly [claim: string]: unknown;
}

export interface OidcOptions extends HolderOptions<JwtClaims> {
  /** The provider's issuer identifier, exactly as it stands in the claim `iss`. */
  readonly issuer: string;
  /** The identifier of this API, which the claim `aud` must contain. It is not that of the application where users sign in. */
  readonly audience: string | readonly string[];
  /** URL of the provider's keys. Default: the `jwks_uri` of `<issuer>/.well-known/openid-configuration`. */
  readonly jwksUri?: string;
  /** Accepted signature algorithms, all of them asymmetric. Default: RS256, PS256, ES256 and EdDSA. */
  readonly algorithms?: readonly string[];
  /** How far the provider's clock may be ahead, in ms. Default: 5000. It does not prolong a token: `exp` is exact. */
  readonly clockTolerance?: number;
  /** The required `typ` of the JWT header, such as `at+jwt` (RFC 9068). Default: any. */
  readonly typ?: string;
  /** How long after a request for keys the provider is not asked again, in ms. Default: 30,000. */
  readonly coolDown?: number;
  /** How long the provider may take for one answer, in ms. Default: 5000. */
  readonly timeout?: number;
}

const names = ['issuer', 'audience', 'jwksUri', 'algorithms', 'clockTolerance', 'typ', 'coolDown', 'timeout'];
const ASYMMETRIC = /^(?:RS|PS|ES)(?:256|384|512)$|^EdDSA$|^Ed25519$/;
const discovery = shapeOf<{ issuer: string; jwks_uri: string }>({ issuer: text(), jwks_uri: text() });

/**
 * Verifies access tokens of an OpenID Connect provider: JWTs, with the keys that the provider publishes. If a token names an
 * unknown key, the keys are fetched again, at most once in `coolDown`. If the provider does not answer, the known keys are used
 * until 10 minutes after they were fetched.
 *
 * @throws ConfigurationError `ERR_OIDC` if an option is invalid
 * @example accessTokens: oidc({ issuer: 'https://login.example/realms/shop', audience: 'shop-api' })
 */
export function oidc(options: OidcOptions): TokenVerifier {
  requireHolderOptions('ERR_OIDC', options, names);
  const {
    issuer,
    audience,
    jwksUri,
    algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'],
    clockTolerance = 5000,
    typ,
    coolDown = 30_000,
    timeout = 5000,
    check,
    ...reading
  } = options;
  requireSafeUrl('ERR_OIDC', 'issuer', issuer);
  if (jwksUri !== undefined) requireSafeUrl('ERR_OIDC', 'jwksUri', jwksUri);
  if (audience === undefined || audience.length === 0) {
    throw new ConfigurationError(
      'ERR_OIDC',
      'audience is missing, so tokens for other APIs would be accepted. Pass the aud of this API, such as "shop-api"',
    );
  }
  const other = algorithms.find((algorithm) => !ASYMMETRIC.test(algorithm));
  if (other !== undefined || algorithms.length === 0) {
    throw new ConfigurationError(
      'ERR_OIDC',
      `algorithms must be a list of asymmetric algorithms, such as RS256; got ${other ?? 'an empty list'}`,
    );
  }
  const backoff = new Backoff(coolDown, timeout);
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const keySet = async (): Promise<JWTVerifyGetKey> => {
    const url = new URL(jwksUri ?? (await discovered()));
    return createRemoteJWKSet(url, {
      cooldownDuration: coolDown,
      timeoutDuration: timeout,
      [customFetch]: (target, init) => backoff.fetch(target, init),
    });
  };
  async function discovered(): Promise<string> {
    const response = await backoff.fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const found = discovery(await response.json());
    if (found === undefined) throw new ProviderError('The provider does not say where its keys are');
    const { jwks_uri: uri, issuer: named } = found;
    if (named !== issuer) throw new ProviderError('The provider names an issuer that differs from the option issuer');
    requireSafeUrl('ERR_OIDC', 'jwks_uri of the provider', uri);
    return uri;
  }
  return {
    async verify(token, clock) {
      keys ??= keySet().catch((error: unknown) => {
        keys = undefined;
        throw error;
      });
      const { payload } = await jwtVerify<JwtClaims>(token, await keys, {
        issuer,
        audience: [...(typeof audience === 'string' ? [audience] : audience)],
        algorithms: [...algorithms],
        clockTolerance: clockTolerance / 1000,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'sub'],
        ...(typ !== undefined && { typ }),
      }).catch((error: unknown) => {
        throw refusalOf(error);
      });
      return verifiedToken(token, payload, reading, clock);
    },
    ...(check && { check }),
  };
}

/** Turns an error of jose into a refusal. An error that says nothing about the token is returned unchanged. */
function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new AuthError('expired');
  const isOfProvider = error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid;
  const isGeneric = error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC';
  if (!(error instanceof errors.JOSEError) || isOfProvider || isGeneric) return error;
  return new AuthError('unauthenticated', { cause: error });
}
