import { WebSocket } from 'ws';
import { type Address, type Channel, ChannelRefused, type Listener } from './channel.ts';
import { tlsOptions, Unreachable } from './request.ts';

/** How long an upgrade may take, in ms. */
const HANDSHAKE = 5000;
/** The largest message that is taken, in bytes. */
const LARGEST = 1_000_000;

/** Node's names of errors for a peer that hangs up instead of answering. */
const HUNG_UP = new Set(['ECONNRESET', 'EPIPE']);

/** Opens a WebSocket. */
export async function openWebSocket({ url, headers, tls }: Address, listener: Listener): Promise<Channel> {
  // A server that chooses a protocol is taken at its word only if the client has offered it in the library's own way.
  const { 'sec-websocket-protocol': protocols, ...others } = headers;
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols?.split(/, */) ?? [], {
    headers: others,
    handshakeTimeout: HANDSHAKE,
    maxPayload: LARGEST,
    ...tlsOptions(tls),
  });
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) listener.onFrame(data.toString());
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const hungUp = HUNG_UP.has(error.code ?? '') || error.message === 'socket hang up';
      reject(hungUp ? new ChannelRefused('the upgrade was cut off') : new Unreachable(error.message));
    });
    socket.once('unexpected-response', (request, { statusCode }) => {
      reject(new ChannelRefused(`the upgrade was answered by HTTP ${statusCode}`));
      request.destroy();
    });
  });
  // A frame that breaks the protocol ends the connection, which `close` reports.
  socket.on('error', () => {});
  socket.once('close', (code: number, reason: Buffer) =>
    listener.onClosed({ code, reason: reason.toString(), abrupt: code === 1006 }),
  );
  return {
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    },
    close: () => {
      socket.close();
      // A server that never answers the close frame is not waited for.
      setTimeout(() => socket.terminate(), 500).unref();
    },
  };
}
