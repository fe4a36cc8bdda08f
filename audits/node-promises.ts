/** Promises about faults of what several nodes share. Tests over Redis with these titles check every strategy. */
export const nodePromises = {
  'store-down-handshake':
    'MUST refuse CONNECT fast while the store is away: nobody is admitted, and nobody waits for ever',
  'store-slow-connected': 'MUST go on serving who is connected while the store is slow, or refuse them with a code',
  'revoke-under-partition': 'MUST cut who was revoked during a partition within the sweep after it has healed',
  'subscriber-silent-death': 'MUST revoke on every node though the connection to the bus has died silently',
  'node-crash': 'MUST let the clients of a node that was killed come back on another',
  'rolling-drain': 'MUST lose no acknowledged message while nodes are replaced one by one',
} as const;
