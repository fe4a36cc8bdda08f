import type { AddressInfo } from 'node:net';
import { Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { type ChatMessage, ChatService } from '../../../gateways/example/chat.service.ts';
import type { PlatformLayer } from './layer.ts';

@WebSocketGateway({ namespace: '/chat', transports: ['websocket'] })
class BareGateway {
  constructor(@Inject(ChatService) private readonly chat: ChatService) {}

  handleConnection(client: Socket): void {
    void client.join(roomOf(client));
  }

  @SubscribeMessage('sendMessage')
  send(@ConnectedSocket() client: Socket, @MessageBody() { text }: { text: string }): ChatMessage {
    const room = roomOf(client);
    const message = this.chat.post(room, room, text);
    client.to(room).emit('message', message);
    return message;
  }
}

const roomOf = ({ handshake }: Socket): string => (handshake.auth as { room: string }).room;

@Module({ providers: [ChatService, BareGateway] })
class BareModule {}

/** A Nest gateway without guard, filter, pipe or adapter of ours. */
export const nestGateway: PlatformLayer = {
  id: 'nest-gateway',
  title: 'Nest gateway',
  summary: 'A gateway on the stock adapter, without any guard',

  async start() {
    const app = await NestFactory.create(BareModule, { logger: ['fatal'], abortOnError: false });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}`, close: () => app.close() };
  },
};
