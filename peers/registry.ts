import { folderRegistry } from '../strategies/shared/folder-registry.ts';
import type { Peer } from './peer.ts';

const registry = folderRegistry<Peer>(import.meta.url, 'peer');

/** Every peer, found by its folder, in the order of their names. None of their packages is loaded before its start. */
export const loadPeers = (): Promise<Peer[]> => registry.all();

/** The one named `id`; no other is loaded. @throws TypeError that names those there are */
export const loadPeer = (id: string): Promise<Peer> => registry.one(id);
