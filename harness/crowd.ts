import type { CrowdHandlers } from './crowd-process.ts';
import { Child } from './rpc.ts';

export type Crowd = Child<CrowdHandlers>;

/** Many clients in a process of their own, each of which stays in as its strategy lets it. */
export const startCrowd = (): Promise<Crowd> => Child.start<CrowdHandlers>('./crowd-process.js', import.meta.url);
