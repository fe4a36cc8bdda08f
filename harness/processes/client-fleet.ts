import type { ClientFleetHandlers } from './client-fleet-process.ts';
import { Child } from './rpc.ts';

export type ClientFleet = Child<ClientFleetHandlers>;

/** Many clients in a process of their own, each of which stays in as its strategy lets it. */
export const startClientFleet = (): Promise<ClientFleet> =>
  Child.start<ClientFleetHandlers>('./client-fleet-process.js', import.meta.url);
