import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Strategy } from './strategy.ts';

const here = new URL('./', import.meta.url);
const notStrategies = new Set(['shared']);

/** Every strategy, found by its folder, in the order of their names. */
export const loadStrategies = (): Promise<Strategy[]> => Promise.all(folders().map(load));

/** The one named `id`; no other is loaded. @throws TypeError that names those there are */
export async function loadStrategy(id: string): Promise<Strategy> {
  const there = folders();
  if (!there.includes(id)) throw new TypeError(`No strategy '${id}'; there are: ${there.join(', ')}`);
  return load(id);
}

const folders = (): string[] =>
  readdirSync(fileURLToPath(here), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notStrategies.has(entry.name))
    .map((entry) => entry.name)
    .toSorted();

async function load(folder: string): Promise<Strategy> {
  const { href } = new URL(`./${folder}/index${extname(import.meta.url)}`, here);
  const { default: strategy } = (await import(href)) as { default?: Strategy };
  if (strategy?.id !== folder) {
    throw new TypeError(`strategies/${folder}/index.ts must export a strategy by default whose id is '${folder}'`);
  }
  return strategy;
}
