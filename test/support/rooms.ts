import { readFileSync } from 'node:fs';

/** The folders at the root that hold code, from the lowest to the highest: a room imports from those before it. */
export const rooms = JSON.parse(
  readFileSync(new URL('../../rooms.json', import.meta.url), 'utf8'),
) as readonly string[];

/** The room that a path from the root lies in; undefined for a file at the root, and for a package. */
export const roomOf = (path: string): string | undefined => rooms.find((room) => path.startsWith(`${room}/`));
