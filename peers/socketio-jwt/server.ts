import { createServer } from 'node:http';
import express from 'express';
import { Server, type Socket } from 'socket.io';
import { authorize } from 'socketio-jwt';
import { ChatService } from '../../gateways/example/chat.service.ts';
import type { PeerOptions, RunningPeer } from '../peer.ts';
import { bootPlain } from '../shared/boot.ts';
import { principalOf, serveChat, type TokenPayload } from '../shared/chat.ts';
import { tokenLogin } from '../shared/token-login.ts';

/** The recipe with one round trip: the other, which is first in the README, does not run on Socket.IO 4. */
export async function start(options: PeerOptions): Promise<RunningPeer> {
  const app = express();
  const server = createServer(app);
  const io = new Server(server);
  const chat = new ChatService();
  app.post('/auth/login', express.json(), tokenLogin(options));
  io.of('/chat')
    .use(authorize({ secret: options.secret, handshake: true }))
    .on('connection', (socket) => {
      const { decoded_token: payload } = socket as Socket & { decoded_token: TokenPayload };
      serveChat(chat, socket, principalOf(payload));
    });
  return bootPlain(server, io);
}
