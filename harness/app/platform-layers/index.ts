import { nestGateway } from './nest-gateway.ts';
import { rawWs } from './raw-ws.ts';
import type { PlatformLayer } from './layer.ts';
import { socketIo } from './socket-io.ts';

/** From the ground up. */
export const layers: readonly PlatformLayer[] = [rawWs, socketIo, nestGateway];
