import type { WebSocketLike } from './unsent-bytes.ts';

/** How many packets of one WebSocket may be handed over within a millisecond before it takes turns. */
const MOST_AT_ONCE = 32;
/** Where `ws` keeps its option `allowSynchronousEvents` for a connection that is open. */
const SYNCHRONOUS = '_allowSynchronousEvents';

/**
 * `ws` delivers all packets of one 64 KiB read at once, which can block other clients for thousands of packets. Beyond 32
 * packets in a millisecond, each packet waits for its own turn of the event loop. Always taking turns would cost every
 * client about 10%. Answers what to call with the time, in ms, of each packet that is handed over.
 */
export function turnTaking(webSocket: WebSocketLike): (now: number) => void {
  const receiver = (webSocket as unknown as { _receiver?: Record<string, boolean> })['_receiver'];
  if (receiver === undefined) return () => {};
  let at = 0;
  let handed = 0;
  return (now) => {
    if (now === at) handed += 1;
    else handed = 1;
    at = now;
    receiver[SYNCHRONOUS] = handed < MOST_AT_ONCE;
  };
}
