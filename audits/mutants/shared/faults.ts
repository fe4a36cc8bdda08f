import { createHmac } from 'node:crypto';
import { type Json, readToken } from '../../checks/forge.ts';
import { Connections } from '../../../gateways/connections/connections.ts';
import type { AppOptions } from '../../../harness/app/app.ts';
import type { Scenario } from '../../../harness/app/scenario.ts';
import { hmacKey } from '../../../strategies/shared/tokens/key-ring.ts';
import type { TokenClaims } from '../../../strategies/shared/stores/token-claims.ts';
import type { TokenIssuer } from '../../../strategies/shared/tokens/token-issuer.ts';
import { TokenService } from '../../../strategies/shared/tokens/token-service.ts';
import { type Admitted, Authenticator, type Revocation } from '../../../strategies/strategy.ts';

/** A provider of the app, by its class or token. */
export const part = <T>(scenario: Scenario, of: abstract new (...args: never[]) => T): T =>
  scenario.app.app.get<T>(of, { strict: false });
export const authenticatorOf = (scenario: Scenario): Authenticator =>
  scenario.app.app.get<Authenticator>(Authenticator, { strict: false });
export const issuerOf = (scenario: Scenario): TokenIssuer => part(scenario, TokenService).issuer as TokenIssuer;

/** What the token says, believed. */
function believed(payload: Json): TokenClaims {
  const { sub, roles, sid, jti, iat, exp, end, epoch } = payload;
  const ms = (seconds: unknown) =>
    Number.isFinite(Number(seconds)) ? Number(seconds) * 1000 : Number.MAX_SAFE_INTEGER;
  return {
    subject: typeof sub === 'string' ? sub : 'user-1',
    roles: Array.isArray(roles) ? (roles as string[]) : [],
    sessionId: String(sid),
    tokenId: String(jti),
    issuedAt: ms(iat),
    expiresAt: ms(exp ?? 1e12),
    endsAt: ms(end),
    epoch: Number(epoch ?? 0),
  };
}

/** A verifier that believes a token where `isFine` says so, and asks the real one otherwise. */
export const believing =
  (isFine: (token: string, header: Json, options: AppOptions, scenario: Scenario) => boolean) =>
  (scenario: Scenario, options: AppOptions): void => {
    const issuer = issuerOf(scenario);
    const verify = issuer.verify.bind(issuer);
    issuer.verify = async (kind, token, how) => {
      try {
        const { header, payload } = readToken(String(token));
        if (isFine(String(token), header, options, scenario)) return believed(payload);
      } catch {
        // No token at all: the real one says so.
      }
      return verify(kind, token, how);
    };
    const tokens = part(scenario, TokenService);
    tokens.requireCurrentPrincipal = async (claims) => ({ ...claims });
  };

export function isSigned(token: string, secret: Parameters<typeof createHmac>[1], hash = 'sha256'): boolean {
  const at = token.lastIndexOf('.');
  return createHmac(hash, secret).update(token.slice(0, at)).digest('base64url') === token.slice(at + 1);
}

export const signedByServer = (token: string, { secret = '' }: AppOptions, hash?: string): boolean =>
  isSigned(token, hmacKey(secret).sign, hash);

/** An authenticator whose decisions are changed on their way out. */
export const admitting = (change: (admitted: Admitted, scenario: Scenario) => Admitted) => (scenario: Scenario) => {
  const authenticator = authenticatorOf(scenario);
  const authenticate = authenticator.authenticate.bind(authenticator);
  authenticator.authenticate = async (handshake) => {
    const decision = await authenticate(handshake);
    return decision.admitted ? change(decision, scenario) : decision;
  };
};

/** Kicks that do not come, or come otherwise. */
export const revoking = (change: (revocation: Revocation) => Revocation | undefined) => (scenario: Scenario) => {
  const connections = part(scenario, Connections);
  const revoke = connections.revoke.bind(connections);
  connections.revoke = (revocation) => {
    const changed = change(revocation);
    if (changed !== undefined) revoke(changed);
  };
};

export const deaf = (...codes: string[]) =>
  revoking((revocation) => (codes.includes(revocation.code) ? undefined : revocation));

/** Whoever it refuses comes in by `instead`, where that finds a reason. */
export const otherwise = (instead: (auth: Json, url: string) => Json | undefined) => (scenario: Scenario) => {
  const authenticator = authenticatorOf(scenario);
  const authenticate = authenticator.authenticate.bind(authenticator);
  authenticator.authenticate = async (handshake) => {
    const decision = await authenticate(handshake);
    const auth = decision.admitted ? undefined : instead(handshake.auth, handshake.request.url ?? '');
    if (auth === undefined) return decision;
    if ('subject' in auth) return { admitted: true, principal: { subject: String(auth['subject']), roles: [] } };
    return authenticate({ ...handshake, auth });
  };
};

export const without = (...names: (keyof Admitted)[]) =>
  admitting(
    (admitted) =>
      Object.fromEntries(
        Object.entries(admitted).filter(([name]) => !names.includes(name as keyof Admitted)),
      ) as unknown as Admitted,
  );

export const living = (lifetimes: NonNullable<AppOptions['lifetimes']>) => (given: AppOptions) => ({
  ...given,
  lifetimes: { ...given.lifetimes, ...lifetimes },
});
export const unlimited = (limits: object) => (given: AppOptions) => ({ ...given, limits: { ...limits } });

export const FOR_EVER = 1e12;
export const token = { strategy: 'handshake-only' } as const;
export const renewing = { strategy: 'access-refresh' } as const;
export const cookie = { strategy: 'session' } as const;
