import type * as server from '../../harness/server.ts';

/** Servers in processes of their own, which run the compiled code; typed by the source, since `dist` may not be there yet. */
export const { startServer } = (await import(
  new URL('../../dist/harness/server.js', import.meta.url).href
)) as typeof server;
