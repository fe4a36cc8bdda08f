import type * as claimLines from '../../claims/lines.ts';
import type * as guardCostSuite from '../../bench/suites/guard-cost/index.ts';
import type * as entries from '../../play/lanes/entries.ts';
import type * as stage from '../../play/stage/stage.ts';
import type * as playServer from '../../play/web/play-server.ts';
import type * as matrixRun from '../../audits/engine/matrix-run.ts';
import type * as server from '../../harness/processes/server.ts';

// Typed by the source, since `dist` may not be there yet.
const compiled = (path: string): Promise<unknown> => import(new URL(`../../dist/${path}.js`, import.meta.url).href);

/** Servers in processes of their own, which run the compiled code. */
export const { startServer } = (await compiled('harness/processes/server')) as typeof server;

/** The suite, whose blocks start a process of the compiled code. */
export const { default: guardCost } = (await compiled('bench/suites/guard-cost/index')) as typeof guardCostSuite;

/** Audits from outside, of servers in processes of the compiled code. */
export const { outsideMatrix } = (await compiled('audits/engine/matrix-run')) as typeof matrixRun;

/** Demonstrations of the article's claims, in processes of the compiled code. */
export const { seenBy } = (await compiled('claims/lines')) as typeof claimLines;

/** The lanes of `npm run play`, whose servers are processes of the compiled code, and their page. */
export const { playEntries } = (await compiled('play/lanes/entries')) as typeof entries;
export const { Stage } = (await compiled('play/stage/stage')) as typeof stage;
export const { PlayServer } = (await compiled('play/web/play-server')) as typeof playServer;
