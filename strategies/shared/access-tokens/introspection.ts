import { z } from 'zod';
import { AuthError, ConfigurationError } from '../errors.ts';
import { Backoff, requireSafeUrl } from './provider.ts';
import { type HolderOptions, type TokenVerifier, verifiedToken } from './verifier.ts';

/** What an endpoint answers on a token (RFC 7662, 2.2). */
export type Introspected = Readonly<Record<string, unknown>> & { readonly active: boolean };

export interface IntrospectionOptions extends HolderOptions<Introspected> {
  /** The provider's introspection endpoint. */
  readonly endpoint: string;
  /** With which this server signs in at the endpoint, by HTTP Basic. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** How long it may take for one answer, in ms. Default: 5 s. */
  readonly timeout?: number;
}

/** For how long an endpoint that did not answer is left alone, in ms. */
const PAUSE = 1000;

const answered = z.looseObject({ active: z.boolean() });

/**
 * Opaque access tokens, which their issuer is asked about (RFC 7662), once at each CONNECT and renewal.
 *
 * @throws ConfigurationError `ERR_INTROSPECTION` where an option could not be meant
 * @example accessTokens: introspection({ endpoint: 'https://login.example/introspect', clientId, clientSecret })
 */
export function introspection({
  endpoint,
  clientId,
  clientSecret,
  timeout = 5000,
  check,
  ...reading
}: IntrospectionOptions): TokenVerifier {
  requireSafeUrl('ERR_INTROSPECTION', 'endpoint', endpoint);
  if (!clientId || !clientSecret) {
    throw new ConfigurationError(
      'ERR_INTROSPECTION',
      'clientId and clientSecret are missing: the endpoint asks for them',
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
      const claims = answered.parse(await response.json());
      if (!claims.active) throw new AuthError('unauthenticated');
      return verifiedToken(token, claims, reading, clock);
    },
    ...(check && { check }),
  };
}
