import { type ServerOptions, WebSocketServer } from 'ws';

/** How many frames one message may come in; each keeps the whole network read alive that it came with. */
const MOST_FRAGMENTS = 32;
/** How many network reads one frame may come in: 64 KiB in the smallest segments that are usual are 122. */
const MOST_CHUNKS = 256;
/** How long a client may take to answer a closing handshake, in ms; its connection is cut then. */
const CLOSE_TIMEOUT = 5000;

/** The WebSocket server below Engine.IO, with what one connection may make it hold bounded. */
export class BoundedWebSocketServer extends WebSocketServer {
  constructor(options: ServerOptions) {
    const bounds = { maxFragments: MOST_FRAGMENTS, maxBufferedChunks: MOST_CHUNKS, closeTimeout: CLOSE_TIMEOUT };
    super({ ...options, ...bounds });
  }
}
