import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { AuthError, ConfigurationError } from '../errors.ts';
import { Backoff, requireSafeUrl } from './provider.ts';
import { type HolderOptions, type TokenVerifier, verifiedToken } from './verifier.ts';

export interface OidcOptions extends HolderOptions<JWTPayload> {
  /** The provider's issuer identifier, exactly as it stands in the claim `iss`. */
  readonly issuer: string;
  /** What the claim `aud` must name: this API, and not the application that signed the user in. */
  readonly audience: string | readonly string[];
  /** Where the provider's keys are. Default: what `<issuer>/.well-known/openid-configuration` says. */
  readonly jwksUri?: string;
  /** Signature algorithms that are taken, all of them asymmetric. Default: RS256, PS256, ES256 and EdDSA. */
  readonly algorithms?: readonly string[];
  /** How far the provider's clock may be off, in ms. Default: 5000. A token is over as soon as `exp` has come all the same. */
  readonly clockTolerance?: number;
  /** The claim `typ` of the header that is asked for, such as `at+jwt` (RFC 9068). Default: any. */
  readonly typ?: string;
  /** After a request for keys the provider is not asked again for this long, in ms. Default: 30 s. */
  readonly coolDown?: number;
  /** How long the provider may take for one answer, in ms. Default: 5 s. */
  readonly timeout?: number;
}

const ASYMMETRIC = /^(?:RS|PS|ES)(?:256|384|512)$|^EdDSA$|^Ed25519$/;
const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });

/**
 * Access tokens of an OpenID Connect provider: JWTs that its published keys verify. A key that is not known is asked for, at
 * most once in a cool-down. While the provider is away, its known keys go on verifying until 10 minutes after they were fetched.
 *
 * @throws ConfigurationError `ERR_OIDC` where an option could not be meant
 * @example accessTokens: oidc({ issuer: 'https://login.example/realms/shop', audience: 'shop-api' })
 */
export function oidc({
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
}: OidcOptions): TokenVerifier {
  requireSafeUrl('ERR_OIDC', 'issuer', issuer);
  if (jwksUri !== undefined) requireSafeUrl('ERR_OIDC', 'jwksUri', jwksUri);
  if (audience === undefined || audience.length === 0) {
    throw new ConfigurationError('ERR_OIDC', 'audience is missing: a token for any other API would pass');
  }
  const other = algorithms.find((algorithm) => !ASYMMETRIC.test(algorithm));
  if (other !== undefined || algorithms.length === 0) {
    throw new ConfigurationError(
      'ERR_OIDC',
      `algorithms must name asymmetric ones, such as RS256; got ${String(other)}`,
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
    const { jwks_uri: uri, issuer: named } = discovery.parse(await response.json());
    if (named !== issuer) throw new Error('The provider names another issuer than the option does');
    requireSafeUrl('ERR_OIDC', 'jwks_uri of the provider', uri);
    return uri;
  }
  return {
    async verify(token, clock) {
      keys ??= keySet();
      let known: JWTVerifyGetKey;
      try {
        known = await keys;
      } catch (error) {
        keys = undefined;
        throw error;
      }
      const claims = await jwtVerify(token, known, {
        issuer,
        audience: [...(typeof audience === 'string' ? [audience] : audience)],
        algorithms: [...algorithms],
        clockTolerance: clockTolerance / 1000,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp', 'sub'],
        ...(typ !== undefined && { typ }),
      }).then(
        ({ payload }) => payload,
        (error: unknown) => {
          throw refusalOf(error);
        },
      );
      return verifiedToken(token, claims, reading, clock);
    },
    ...(check && { check }),
  };
}

/** An error that says nothing of the token, such as that of a provider that is away, is given back as it is. */
function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new AuthError('expired');
  const isOfProvider = error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid;
  const isGeneric = error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC';
  if (!(error instanceof errors.JOSEError) || isOfProvider || isGeneric) return error;
  return new AuthError('unauthenticated', { cause: error });
}
