import type { ServerResponse } from 'node:http';
import type { Socket } from 'socket.io';

interface Packet {
  readonly data?: string | Buffer;
}

/** The members of `ws` that are used here. A polling transport has no WebSocket. */
export interface WebSocketLike {
  readonly bufferedAmount: number;
  on(event: 'message' | 'ping' | 'pong', listener: (data: Buffer) => void): this;
  prependListener(event: 'message', listener: (data: Buffer) => void): this;
  terminate(): void;
}

/** The WebSocket below a transport. */
export const webSocketOf = (conn: Socket['conn']): WebSocketLike | undefined =>
  (conn.transport as unknown as { socket?: WebSocketLike }).socket;

/** The answer that waits for the next packets of long polling. */
const responseOf = (conn: Socket['conn']): ServerResponse | undefined =>
  (conn.transport as unknown as { res?: ServerResponse | null }).res ?? undefined;

/**
 * Calls `tooSlow` once more than `most` bytes (characters, of text) wait for a client that does not read them. One
 * packet that is larger may pass, where nothing else waits. Answers a check for whoever else has written something.
 */
export function boundUnsent(conn: Socket['conn'], most: number, tooSlow: () => void): () => void {
  /** Bytes in Engine.IO's own queue, which it keeps while the WebSocket is still writing. */
  let queued = 0;
  /** Bytes in answers of long polling that have not left. The next request may come on another network connection. */
  let answered = 0;
  let asked = false;
  const unsent = (): number => queued + answered + (webSocketOf(conn)?.bufferedAmount ?? 0);
  const decide = (): void => {
    asked = false;
    if (unsent() > most) tooSlow();
  };
  // Bytes written in this turn of the event loop could not leave yet. Only those left afterwards show a slow client.
  const decideLater = (): void => {
    if (asked) return;
    asked = true;
    setImmediate(decide);
  };
  conn.on('flush', () => {
    const bytes = queued;
    queued = 0;
    const response = responseOf(conn);
    if (response === undefined) return;
    answered += bytes;
    response.once('close', () => (answered -= bytes));
  });
  conn.on('packetCreate', ({ data }: Packet) => {
    const before = unsent();
    const size = data?.length ?? 0;
    queued += size;
    if (before > 0 && before + size > most) decideLater();
  });
  return () => {
    if (unsent() > most) decideLater();
  };
}
