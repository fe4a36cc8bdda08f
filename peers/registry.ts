import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.ts';

const here = new URL('./', import.meta.url);
const notPeers = new Set(['shared']);

/** Every peer, found by its folder, in the order of their names. None of their packages is loaded before its start. */
export async function loadPeers(): Promise<Peer[]> {
  const folders = readdirSync(fileURLToPath(here), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notPeers.has(entry.name))
    .map((entry) => entry.name)
    .toSorted();
  return Promise.all(folders.map(load));
}

async function load(folder: string): Promise<Peer> {
  const { href } = new URL(`./${folder}/index${extname(import.meta.url)}`, here);
  const { default: peer } = (await import(href)) as { default?: Peer };
  if (peer?.id !== folder) {
    throw new TypeError(`peers/${folder}/index.ts must export a peer by default whose id is '${folder}'`);
  }
  return peer;
}

/** The one named `id`. @throws TypeError that names those there are */
export async function loadPeer(id: string): Promise<Peer> {
  const peers = await loadPeers();
  const found = peers.find((peer) => peer.id === id);
  if (found === undefined) {
    throw new TypeError(`No peer '${id}'; there are: ${peers.map((peer) => peer.id).join(', ')}`);
  }
  return found;
}
