import { nestGateway } from './nest-gateway.ts';
import { rawWs } from './raw-ws.ts';
import type { PlatformLayer } from './layer.ts';
import { socketIo } from './socket-io.ts';

/** From the ground up. */
export const layers: readonly PlatformLayer[] = [rawWs, socketIo, nestGateway];

/** @throws TypeError for an id that no layer has */
export function layerOf(id: string): PlatformLayer {
  const layer = layers.find((candidate) => candidate.id === id);
  if (layer === undefined)
    throw new TypeError(`No layer '${id}'; there are: ${layers.map((one) => one.id).join(', ')}`);
  return layer;
}
