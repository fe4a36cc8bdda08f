import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';

/**
 * How many frames one message may come in: 32, or one for each 16 KiB of the largest message if that is more. A frame
 * keeps the whole network read alive that it came with, which is at most 64 KiB.
 */
const MOST_FRAGMENTS = 32;
const FRAGMENT = 16 * 1024;
/**
 * How many network reads one frame may come in: 256, or one for each 256 bytes of the largest message if that is more.
 * The smallest segments that are usual hold 536 bytes.
 */
const MOST_CHUNKS = 256;
const CHUNK = 256;
/** How long a client may take to answer a closing handshake, in ms; its connection is cut then. */
const CLOSE_TIMEOUT = 5000;

type Opened = (webSocket: WebSocket, request: IncomingMessage) => void;

/**
 * The class of the WebSocket server below Engine.IO, with what one connection may make it hold bounded. `opened` gets each
 * WebSocket before Engine.IO does.
 */
export function webSocketServer(opened: Opened): new (options: ServerOptions) => WebSocketServer {
  return class extends WebSocketServer {
    constructor(options: ServerOptions) {
      const { maxPayload = 0 } = options;
      const bounds = {
        maxFragments: Math.max(MOST_FRAGMENTS, Math.ceil(maxPayload / FRAGMENT)),
        maxBufferedChunks: Math.max(MOST_CHUNKS, Math.ceil(maxPayload / CHUNK)),
        closeTimeout: CLOSE_TIMEOUT,
      };
      super({ ...options, ...bounds });
    }

    override handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, done: Opened): void {
      super.handleUpgrade(request, socket, head, (webSocket) => {
        opened(webSocket, request);
        done(webSocket, request);
      });
    }
  };
}
