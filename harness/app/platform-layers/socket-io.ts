import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { ChatService, type ChatMessage } from '../../../gateways/example/chat.service.ts';
import type { PlatformLayer } from './layer.ts';

/** Socket.IO alone: one namespace, one event. */
export const socketIo: PlatformLayer = {
  id: 'socket-io',
  title: 'Socket.IO',
  summary: 'A Socket.IO server without Nest',

  async start() {
    const chat = new ChatService();
    const http = createServer();
    const io = new Server(http, { transports: ['websocket'], serveClient: false });
    io.of('/chat').on('connection', (socket) => {
      const { room } = socket.handshake.auth as { room: string };
      void socket.join(room);
      socket.on('sendMessage', ({ text }: { text: string }, ack: (message: ChatMessage) => void) => {
        const message = chat.post(room, room, text);
        socket.to(room).emit('message', message);
        ack(message);
      });
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, close: () => io.close() };
  },
};
