import { nestGateway } from './nest-gateway.ts';
import { rawWs } from './raw-ws.ts';
import type { Rung } from './rung.ts';
import { socketIo } from './socket-io.ts';

/** From the ground up. */
export const rungs: readonly Rung[] = [rawWs, socketIo, nestGateway];
