import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Published faults of packages that read what the network sends, each with the version that mends it. */
export const mended = [
  { name: 'ws', since: '8.17.1', cve: 'CVE-2024-37890' },
  { name: 'socket.io', since: '4.6.2', cve: 'CVE-2024-38355' },
  { name: 'socket.io-parser', since: '4.2.3', cve: 'CVE-2023-32695' },
  { name: 'engine.io', since: '6.4.2', cve: 'CVE-2023-31125' },
  { name: 'cookie', since: '0.7.0', cve: 'CVE-2024-47764' },
  { name: 'on-headers', since: '1.1.0', cve: 'CVE-2025-7339' },
  { name: 'body-parser', since: '1.20.3', cve: 'CVE-2024-45590' },
] as const;

/** By whom each is loaded: the copy in use may lie deeper than at the top. */
const loaders: Readonly<Record<string, string>> = {
  ws: 'engine.io', 'engine.io': 'socket.io', 'socket.io-parser': 'socket.io', cookie: 'express-session',
  'on-headers': 'express-session', 'body-parser': 'express',
}; // prettier-ignore

/** The version of the copy that is in use. */
export function versionOf(name: string): string {
  const { version } = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')) as { version: string };
  return version;
}

function folderOf(name: string): string {
  const loader = loaders[name];
  const from = loader === undefined ? import.meta.filename : join(folderOf(loader), 'package.json');
  for (let folder = dirname(createRequire(from).resolve(name)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === name) return folder;
  }
}

/** By major, minor and patch. */
export function isOlder(version: string, than: string): boolean {
  const [mine, theirs] = [version, than].map((one) => one.split('.').map((part) => Number.parseInt(part, 10)));
  const differs = mine!.findIndex((part, index) => part !== theirs![index]);
  return differs >= 0 && mine![differs]! < theirs![differs]!;
}
