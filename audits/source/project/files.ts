import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The most that is read. */
export interface SourceLimits {
  readonly files: number;
  /** Bytes of one file. */
  readonly bytes: number;
}

export const defaultSourceLimits: SourceLimits = { files: 5000, bytes: 500_000 };

export interface SourceText {
  /** From the folder that was named, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Sources, and why others were not read. */
export interface Sources {
  readonly texts: readonly SourceText[];
  readonly unread: readonly string[];
}

const SKIPPED = /^(?:\..*|node_modules|dist|build|out|coverage|tests?|__tests__|__mocks__|e2e)$/;
const CODE = /^(?!.*(?:\.d|[.-](?:test|spec))\.[cm]?ts$).*\.[cm]?ts$/;

/**
 * Reads the TypeScript of a folder, without tests, type declarations, builds and installed packages. Links are not
 * followed.
 */
export function readSources(folder: string, { files, bytes }: SourceLimits): Sources {
  const texts: SourceText[] = [];
  const unread: string[] = [];
  const waiting = [''];
  for (let inside = waiting.shift(); inside !== undefined; inside = waiting.shift()) {
    const entries = readdirSync(join(folder, inside), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.test(entry.name)) waiting.push(path);
      if (!entry.isFile() || !CODE.test(entry.name)) continue;
      if (texts.length >= files) return { texts, unread: [...unread, `all files after the first ${files}`] };
      if (statSync(join(folder, path)).size > bytes) unread.push(`${path} (larger than ${bytes / 1000} KB)`);
      else texts.push({ path, text: readFileSync(join(folder, path), 'utf8') });
    }
  }
  return { texts, unread };
}
