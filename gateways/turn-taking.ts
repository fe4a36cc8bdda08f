import type { Clock } from '../strategies/strategy.ts';
import type { WebSocketLike } from './unsent-bytes.ts';

/** How many packets of one WebSocket may be handed over within a millisecond before it takes turns. */
const MOST_AT_ONCE = 32;
/** Where `ws` keeps its option `allowSynchronousEvents` for a connection that is open. */
const SYNCHRONOUS = '_allowSynchronousEvents';

/**
 * A flood comes in reads of 64 KiB, which `ws` hands over whole: thousands of packets before anyone else's turn. Where
 * packets come faster than an application can have handled them, each waits for a turn of the event loop of its own.
 * It is not asked for from the start, since a turn for each packet costs all clients about a tenth more.
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
