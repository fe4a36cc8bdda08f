import type { StrategyClient } from '../../strategies/strategy.ts';

/** A credential as it may be shown: its claims, never the signature or the token itself. */
export interface TokenView {
  readonly kind: 'JWT' | 'opaque value' | 'none';
  readonly header?: unknown;
  readonly claims?: unknown;
}

/** The view of what a client presents. */
export function tokenView({ auth = {}, extraHeaders = {} }: ReturnType<StrategyClient['connectOptions']>): TokenView {
  const values = [...Object.values(auth), ...Object.values(extraHeaders)].filter((value) => typeof value === 'string');
  const jwt = values.find((value) => value.split('.').length === 3 && parsed(value.split('.')[1]) !== undefined);
  if (jwt === undefined) return { kind: values.length === 0 ? 'none' : 'opaque value' };
  const [header, claims] = jwt.split('.');
  return { kind: 'JWT', header: parsed(header), claims: parsed(claims) };
}

function parsed(part = ''): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}
