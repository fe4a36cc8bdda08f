import type { Audit } from './audit.ts';
import { authorization } from './authorization.ts';
import { claims } from './claims.ts';
import { connects } from './connects.ts';
import { expiry } from './expiry.ts';
import { handshake } from './handshake.ts';
import { origin } from './origin.ts';
import { refreshing } from './refresh.ts';
import { revocation } from './revocation.ts';
import { session } from './session.ts';
import { tokens } from './tokens.ts';
import { transport } from './transport.ts';

/** Every audit, by topic, in the order in which the matrix shows them. */
export const catalogue: Readonly<Record<string, readonly Audit[]>> = {
  Handshake: [...handshake, ...origin, ...connects],
  'Token validation': [...tokens, ...claims],
  Expiry: expiry,
  Refresh: refreshing,
  Revocation: revocation,
  Authorization: authorization,
  Session: session,
  'Transport and load': transport,
};

export const audits: readonly Audit[] = Object.values(catalogue).flat();
