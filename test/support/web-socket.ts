import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

/** An open WebSocket to the Socket.IO server at `url`, below Socket.IO's own client; the test's end terminates it. */
export async function openWebSocket(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  onTestFinished(() => socket.terminate());
  const frames: string[] = [];
  socket.on('message', (data: Buffer) => frames.push(data.toString()));
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await once(socket, 'open');
  return { socket, frames, closed };
}
