import { BadRequestException, HttpException, InternalServerErrorException } from '@nestjs/common';
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { expect, it } from 'vitest';
import { noLimits } from '../../../gateways/options/limits.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { noticeOf, refused } from '../../../strategies/strategy.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  @SubscribeMessage('act')
  act(): string {
    return 'done';
  }
}

@WebSocketGateway({ namespace: '/room' })
class AnyGateway extends WsManager {
  handleConnection(client: Socket): void {
    client.onAny((event: string, _: unknown, ack: (answer: string) => void) => ack(`heard ${event}`));
  }
}

it.each(['noSuchEvent', 'error', '__proto__', 'constructor', 'auth:cut'])(
  'the ack of %s, which no handler serves, is refused, and the connection stays',
  async (event) => {
    const server = await TestServer.start(admitting(), { gateways: [RoomGateway] });
    const client = server.connect('/room');
    expect(await client.ask(event)).toMatchObject({ refused: { code: 'unknown-event', action: 'stop' } });
    expect(await client.ask('act')).toBe('done');
    expect(server.counters()).toMatchObject({ open: 1, refused: { 'unknown-event': 1 } });
  },
);

it('an event that no handler serves counts against the events of its socket', async () => {
  const limits = { ...noLimits, eventsPerSecond: 1 };
  const server = await TestServer.start(admitting(), { gateways: [RoomGateway], limits });
  const client = server.connect('/room');
  for (let count = 0; count < 2; count++) await client.ask('noSuchEvent');
  expect(await client.ask('act')).toMatchObject({ refused: { code: 'too-many-events' } });
});

it('an application that listens for any event answers for itself', async () => {
  const server = await TestServer.start(admitting(), { gateways: [AnyGateway] });
  expect(await server.connect('/room').ask('whatever')).toBe('heard whatever');
});

@WebSocketGateway({ namespace: '/room' })
class SayingGateway extends WsManager {
  @SubscribeMessage('say')
  say(@MessageBody() name: keyof typeof exceptions): never {
    throw exceptions[name]();
  }
}

const exceptions = {
  ws: () => new WsException('the room is closed'),
  details: () => new WsException({ field: 'text', is: 'too long' }),
  validation: () => new BadRequestException(['text must be a string']),
  throttled: () => new HttpException('Too Many Requests', 429),
  broken: () => new InternalServerErrorException('host db-1 is down'),
  unknown: () => new Error('host db-1 is down'),
};

it.each([
  ['ws', 'the room is closed'],
  ['details', { field: 'text', is: 'too long' }],
  ['validation', { statusCode: 400, error: 'Bad Request', message: ['text must be a string'] }],
  ['throttled', 'Too Many Requests'],
])(
  'what the application says itself (%s) reaches the ack and the exception event, with its details',
  async (name, details) => {
    const server = await TestServer.start(admitting(), { gateways: [SayingGateway] });
    const client = server.connect('/room');
    const told = client.next('exception');
    const { refused: notice } = (await client.socket.timeout(5000).emitWithAck('say', name)) as { refused: object };
    expect(notice).toEqual({ ...noticeOf('rejected'), details });
    expect(await told).toMatchObject({ code: 'rejected', details });
    expect(server.counters().open).toBe(1);
  },
);

it.each(['broken', 'unknown'])('what it did not mean to say (%s) is failed, and holds nothing of it', async (name) => {
  const server = await TestServer.start(admitting(), { gateways: [SayingGateway] });
  const client = server.connect('/room');
  expect(await client.socket.timeout(5000).emitWithAck('say', name)).toEqual({ refused: noticeOf('failed') });
});

it.each([
  ['nothing but an ack', []],
  ['null', [null]],
  ['two credentials', [{}, {}]],
])('a renewal with %s for its credential is answered', async (_, args) => {
  const credentials: unknown[] = [];
  const renew = async (_connection: unknown, credential: unknown) => {
    credentials.push(credential);
    return refused('unauthenticated');
  };
  const server = await TestServer.start(admitting({ renew }), { gateways: [RoomGateway] });
  const client = server.connect('/room');
  const answer: unknown = await client.socket.timeout(5000).emitWithAck('auth:renew', ...args);
  expect(answer).toMatchObject({ refused: { code: 'unauthenticated' } });
  expect(credentials).toEqual([args[0]]);
  expect(await client.ask('act')).toBe('done');
});
