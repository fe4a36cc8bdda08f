import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.ts';

const here = new URL('./', import.meta.url);
const notPeers = new Set(['shared']);

/** Every peer, found by its folder, in the order of their names. None of their packages is loaded before its start. */
export const loadPeers = (): Promise<Peer[]> => Promise.all(folders().map(load));

/** The one named `id`; no other is loaded. @throws TypeError that names those there are */
export async function loadPeer(id: string): Promise<Peer> {
  const there = folders();
  if (!there.includes(id)) throw new TypeError(`No peer '${id}'; there are: ${there.join(', ')}`);
  return load(id);
}

const folders = (): string[] =>
  readdirSync(fileURLToPath(here), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notPeers.has(entry.name))
    .map((entry) => entry.name)
    .toSorted();

async function load(folder: string): Promise<Peer> {
  const { href } = new URL(`./${folder}/index${extname(import.meta.url)}`, here);
  const { default: peer } = (await import(href)) as { default?: Peer };
  if (peer?.id !== folder) {
    throw new TypeError(`peers/${folder}/index.ts must export a peer by default whose id is '${folder}'`);
  }
  return peer;
}
