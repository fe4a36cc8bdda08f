import type { Audit } from './audit.ts';
import { expiry } from './expiry.ts';
import { handshake } from './handshake.ts';
import { refreshing } from './refresh.ts';
import { revocation } from './revocation.ts';

/** Every audit, by topic, in the order in which the matrix shows them. */
export const catalogue: Readonly<Record<string, readonly Audit[]>> = {
  Handshake: handshake,
  Expiry: expiry,
  Refresh: refreshing,
  Revocation: revocation,
};

export const audits: readonly Audit[] = Object.values(catalogue).flat();
