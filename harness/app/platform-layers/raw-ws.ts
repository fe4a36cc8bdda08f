import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { ChatService } from '../../../gateways/example/chat.service.ts';
import type { Said } from '../client-connection.ts';
import type { PlatformLayer } from './layer.ts';

type Question = readonly [id: number, text: string];
type Answer = readonly [id: number, said: Said];

/** The library that Socket.IO stands on, with the least protocol that can carry an ack. */
export const rawWs: PlatformLayer = {
  id: 'raw-ws',
  title: 'ws',
  summary: 'A WebSocket server of the package ws, JSON both ways',

  async start() {
    const chat = new ChatService();
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket, { url = '' }) => {
      const room = new URL(url, 'ws://localhost').searchParams.get('room') ?? '';
      socket.on('message', (data: Buffer) => {
        const [id, text] = JSON.parse(data.toString()) as Question;
        socket.send(JSON.stringify([id, chat.post(room, room, text)] satisfies Answer));
      });
    });
    await once(server, 'listening');
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async close() {
        for (const socket of server.clients) socket.terminate();
        server.close();
        await once(server, 'close');
      },
    };
  },

  async openConnection(_client, url, room) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/?room=${encodeURIComponent(room)}`);
    await once(socket, 'open');
    const waiting = new Map<number, (said: Said) => void>();
    let asked = 0;
    socket.on('message', (data: Buffer) => {
      const [id, said] = JSON.parse(data.toString()) as Answer;
      waiting.get(id)?.(said);
      waiting.delete(id);
    });
    return {
      say(answered) {
        waiting.set(asked, answered);
        socket.send(JSON.stringify([asked++, 'ping'] satisfies Question));
      },
      close: () => socket.close(),
    };
  },
};
