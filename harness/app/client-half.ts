import { loadPeer } from '../../peers/registry.ts';
import { loadStrategy } from '../../strategies/registry.ts';
import type { CreateClient } from '../../strategies/strategy.ts';
import { openConnection, type OpenConnection } from './client-connection.ts';
import type { EntrySpec } from './entry.ts';
import { layerOf } from './platform-layers/index.ts';
import { createClient } from './platform-layers/layer.ts';

/** How to be a client of an entry. */
export interface ClientHalf {
  readonly createClient: CreateClient;
  readonly openConnection: OpenConnection;
}

export async function clientHalfOf({ kind, id }: EntrySpec): Promise<ClientHalf> {
  if (kind === 'platform-layer') return { createClient, openConnection: layerOf(id).openConnection ?? openConnection };
  const { createClient: create } = await (await (kind === 'peer' ? loadPeer(id) : loadStrategy(id))).client();
  return { createClient: create, openConnection };
}
