import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createConnection, type Socket as NetSocket } from 'node:net';
import type { Socket } from 'socket.io';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { connectFrame } from '../../../harness/app/raw-transport.ts';
import { until } from '../../support/gate.ts';
import { TestServer, type TestServerOptions } from '../../support/test-server.ts';
import { openWebSocket } from '../../support/web-socket.ts';
import { admitting } from '../../support/test-strategy.ts';

@WebSocketGateway({ namespace: '/files' })
class FilesGateway extends WsManager {
  @SubscribeMessage('upload')
  upload(@ConnectedSocket() _: Socket, @MessageBody() data: Buffer): number {
    return data.length;
  }
}

const upload = (count: number): string => `45${count}-/files,1["upload",{"_placeholder":true,"num":0}]`;

async function transport(attachments: boolean) {
  const server = await TestServer.start(admitting(), { gateways: [FilesGateway], attachments });
  const { socket, frames, closed } = await openWebSocket(server.url);
  const join = async () => {
    socket.send(connectFrame('/files'));
    await until(() => frames.some((frame) => frame.startsWith('40/files')));
  };
  return { server, socket, frames, closed, join };
}

describe('binary attachments', () => {
  it.each(['an event that announces one', 'a binary frame', 'a binary frame in base64'])(
    'are not taken unless the application asks for them: %s closes the transport',
    async (kind) => {
      const { server, socket, closed, join } = await transport(false);
      await join();
      socket.send({ 'an event that announces one': upload(1), 'a binary frame': Buffer.from('x') }[kind] ?? 'bYQ==');
      await closed;
      expect(server.counters()).toMatchObject({ open: 0, cut: { 'bad-message': 1 } });
    },
  );

  it('reach a handler where the application asks for them', async () => {
    const { socket, frames, join } = await transport(true);
    await join();
    socket.send(upload(1));
    socket.send(Buffer.alloc(1000));
    await until(() => frames.some((frame) => frame.startsWith('43/files,1')));
    expect(frames.at(-1)).toBe('43/files,1[1000]');
  });

  it('are not taken before a namespace is joined', async () => {
    const { server, socket, closed } = await transport(true);
    socket.send(upload(1));
    await closed;
    expect(server.counters()).toMatchObject({ accepted: 0, refused: { 'bad-message': 1 } });
  });

  it('of one packet may wait with as many bytes as a message may have, and no more', async () => {
    const { server, socket, closed, join } = await transport(true);
    await join();
    socket.send(upload(3));
    socket.send(Buffer.alloc(40_000));
    socket.send(Buffer.alloc(40_000));
    await closed;
    expect(server.counters()).toMatchObject({ open: 0, accepted: 1 });
  });
});

@WebSocketGateway({ namespace: '/large', maxHttpBufferSize: 200_000 })
class LargeGateway extends WsManager {}

describe('a message that is not complete', () => {
  const HEAD = [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const open = async (gateways?: TestServerOptions['gateways']) => {
    const server = await TestServer.start(admitting(), gateways && { gateways });
    const accepted = once(server.app.getHttpServer() as HttpServer, 'connection') as Promise<[NetSocket]>;
    const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(server.url).port), noDelay: true });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    const closed = once(socket, 'close');
    socket.write(`${HEAD.join('\r\n')}\r\n\r\n`);
    await once(socket, 'data');
    return { socket, closed, accepted: (await accepted)[0] };
  };

  it('ends its transport with one fragment too many', async () => {
    const { socket, closed } = await open();
    const fragment = (opcode: number) => Buffer.from([opcode, 0x81, 0, 0, 0, 0, 0x34]);
    socket.write(Buffer.concat([fragment(1), ...Array.from({ length: 32 }, () => fragment(0))]));
    socket.resume();
    socket.on('end', () => socket.end());
    expect(await closed).toEqual([false]);
  });

  it('may come in as many network reads as the largest message of the app needs', async () => {
    const { socket, accepted } = await open([LargeGateway]);
    const message = Buffer.concat([Buffer.from('3'), Buffer.alloc(300 * 256 - 1, 'x')]);
    const head = Buffer.alloc(14);
    head.writeUInt16BE(0x81ff);
    head.writeUInt32BE(message.length, 6);
    socket.write(head);
    for (let at = 0; at < message.length; at += 256) {
      const read = once(accepted, 'data');
      socket.write(message.subarray(at, at + 256));
      await read;
    }
    const connect = Buffer.from('40/large,{}');
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 + connect.length, 0, 0, 0, 0]), connect]));
    let answer = '';
    while (!answer.includes('40/large')) answer += String((await once(socket, 'data'))[0]);
    expect(answer).toContain('40/large,{"sid"');
  });
});
