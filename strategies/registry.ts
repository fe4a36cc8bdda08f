import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Strategy } from './strategy.ts';

const here = new URL('./', import.meta.url);
const notStrategies = new Set(['shared']);

/** Every strategy, found by its folder, in the order of their names. */
export async function loadStrategies(): Promise<Strategy[]> {
  const folders = readdirSync(fileURLToPath(here), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notStrategies.has(entry.name))
    .map((entry) => entry.name)
    .toSorted();
  return Promise.all(folders.map(load));
}

async function load(folder: string): Promise<Strategy> {
  const { href } = new URL(`./${folder}/index${extname(import.meta.url)}`, here);
  const { default: strategy } = (await import(href)) as { default?: Strategy };
  if (strategy?.id !== folder) {
    throw new TypeError(`strategies/${folder}/index.ts must export a strategy by default whose id is '${folder}'`);
  }
  return strategy;
}

/** The one named `id`. @throws TypeError that names those there are */
export async function loadStrategy(id: string): Promise<Strategy> {
  const strategies = await loadStrategies();
  const found = strategies.find((strategy) => strategy.id === id);
  if (found === undefined) {
    throw new TypeError(`No strategy '${id}'; there are: ${strategies.map((strategy) => strategy.id).join(', ')}`);
  }
  return found;
}
