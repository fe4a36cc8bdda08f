import type { Audit } from './audit.ts';
import { authorization } from './authorization.ts';
import { claims } from './claims.ts';
import { connects } from './connects.ts';
import { endpoints } from './endpoints.ts';
import { expiry } from './expiry.ts';
import { handshake } from './handshake.ts';
import { origin } from './origin.ts';
import { idle } from './idle.ts';
import { load } from './load.ts';
import { privacy } from './privacy.ts';
import { refreshing } from './refresh.ts';
import { refreshFaults } from './refresh-faults.ts';
import { revocation } from './revocation.ts';
import { revocationOrder } from './revocation-order.ts';
import { session } from './session.ts';
import { tokens } from './tokens.ts';
import { transport } from './transport.ts';

/** Every audit, by topic, in the order in which the matrix shows them. */
export const catalogue: Readonly<Record<string, readonly Audit[]>> = {
  Handshake: [...handshake, ...origin, ...connects, ...idle],
  'Token validation': [...tokens, ...claims],
  Expiry: expiry,
  Refresh: [...refreshing, ...refreshFaults],
  Revocation: [...revocation, ...revocationOrder],
  Authorization: authorization,
  Session: session,
  'Sign-in and sign-out': endpoints,
  'Transport and load': [...transport, ...load],
  Privacy: privacy,
};

/** Promises about faults of what several nodes share, which tests over Redis of these titles hold every strategy to. */
export const ofNodes = {
  'store-down-handshake':
    'MUST refuse CONNECT fast while the store is away: nobody is admitted, and nobody waits for ever',
  'store-slow-connected': 'MUST go on serving who is connected while the store is slow, or refuse them with a code',
  'revoke-under-partition': 'MUST cut who was revoked during a partition within the sweep after it has healed',
  'subscriber-silent-death': 'MUST revoke on every node though the connection to the bus has died silently',
  'node-crash': 'MUST let the clients of a node that was killed come back on another',
  'rolling-drain': 'MUST lose no acknowledged message while nodes are replaced one by one',
} as const;

export const audits: readonly Audit[] = Object.values(catalogue).flat();
