import { readdirSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AuditTarget } from './shared/target.ts';

const here = new URL('./', import.meta.url);
const extension = extname(import.meta.url);

/** The targets by their id, such as `strangers/no-authentication`: every file of a folder, except those of `shared`. */
export async function loadTargets(): Promise<ReadonlyMap<string, AuditTarget>> {
  const ids = readdirSync(fileURLToPath(here), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter(
      (path) => /^(?!shared\/)[^/]+\/[^/]+$/.test(path) && path.endsWith(extension) && !path.endsWith(`.d${extension}`),
    )
    .map((path) => path.slice(0, -extension.length))
    .toSorted();
  const loaded = ids.map(async (id): Promise<[string, AuditTarget]> => {
    const { default: target } = (await import(new URL(`${id}${extension}`, here).href)) as { default: AuditTarget };
    return [id, target];
  });
  return new Map(await Promise.all(loaded));
}
