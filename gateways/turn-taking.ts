import type { Clock } from '../strategies/strategy.ts';
import type { WebSocketLike } from './unsent-bytes.ts';

/** How many packets of one WebSocket may be handed over within a millisecond before it takes turns. */
const MOST_AT_ONCE = 32;
/** Where `ws` keeps its option `allowSynchronousEvents` for a connection that is open. */
const SYNCHRONOUS = '_allowSynchronousEvents';

/**
 * `ws` delivers all packets of one 64 KiB read at once, which can block other clients for thousands of packets. Beyond 32
 * packets in a millisecond, each packet waits for its own turn of the event loop. Always taking turns would cost every
 * client about 10%.
 */
export function takeTurns(webSocket: WebSocketLike, clock: Clock): void {
  const receiver = (webSocket as unknown as { _receiver?: Record<string, boolean> })['_receiver'];
  if (receiver === undefined) return;
  let at = 0;
  let handed = 0;
  const hand = (): void => {
    const now = clock.now();
    if (now === at) handed += 1;
    else handed = 1;
    at = now;
    receiver[SYNCHRONOUS] = handed < MOST_AT_ONCE;
  };
  webSocket.on('message', hand).on('ping', hand).on('pong', hand);
}
