import { loadPeer } from '../../peers/registry.ts';
import { loadStrategyClient } from '../../strategies/registry.ts';
import type { CreateClient } from '../../strategies/strategy.ts';
import { openConnection, type OpenConnection } from './client-connection.ts';
import type { EntrySpec } from './entry.ts';
import { createClient } from './platform-layers/layer.ts';

/** How to be a client of an entry. */
export interface ClientHalf {
  readonly createClient: CreateClient;
  readonly openConnection: OpenConnection;
}

export async function clientHalfOf({ kind, id }: EntrySpec): Promise<ClientHalf> {
  if (kind === 'platform-layer') {
    // This also loads the packages of their servers. The clients of the other entries should spend no time on them.
    const { layerOf } = await import('./platform-layers/index.ts');
    return { createClient, openConnection: layerOf(id).openConnection ?? openConnection };
  }
  const half = kind === 'peer' ? (await loadPeer(id)).client() : loadStrategyClient(id);
  return { ...(await half), openConnection };
}
