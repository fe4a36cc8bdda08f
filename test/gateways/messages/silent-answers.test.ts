import { type ArgumentsHost, Catch, type ExceptionFilter, Module, UseFilters, UseInterceptors } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Ack, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { EMPTY, from, of, Subject, tap, throwError } from 'rxjs';
import type { Socket } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { RefusalException } from '../../../gateways/refusal.exception.ts';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import { noticeOf } from '../../../strategies/strategy.ts';
import { serve } from '../../support/served-app.ts';
import { TestClient } from '../../support/test-client.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting, testStrategy } from '../../support/test-strategy.ts';

type AckOf = (answer: unknown) => void;

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  readonly endless = new Subject<string>();

  @SubscribeMessage('nothing')
  nothing(): void {}

  @SubscribeMessage('later')
  async later(): Promise<void> {
    await Promise.resolve();
  }

  @SubscribeMessage('null')
  null(): null {
    return null;
  }

  @SubscribeMessage('zero')
  zero(): number {
    return 0;
  }

  @SubscribeMessage('event')
  event(@MessageBody() data: unknown) {
    return { event: 'news', data };
  }

  @SubscribeMessage('reserved')
  reserved() {
    return { event: 'disconnect', data: 1 };
  }

  @SubscribeMessage('reserved-own-ack')
  reservedOwnAck(@Ack() _: AckOf) {
    return { event: 'newListener', data: 1 };
  }

  @SubscribeMessage('empty')
  empty() {
    return EMPTY;
  }

  @SubscribeMessage('values')
  values() {
    return of('first', 'second');
  }

  @SubscribeMessage('events')
  events() {
    return from([1, 2, 3].map((data) => ({ event: 'news', data })));
  }

  @SubscribeMessage('endless')
  endlessEvents() {
    return this.endless;
  }

  @SubscribeMessage('refuse')
  refuse(): void {
    throw new RefusalException('forbidden');
  }

  @SubscribeMessage('stream-fails')
  streamFails() {
    return throwError(() => new RefusalException('forbidden'));
  }

  @SubscribeMessage('own-ack')
  ownAck(@Ack() ack: AckOf): void {
    setImmediate(() => ack('mine'));
  }

  @SubscribeMessage('bare-ack')
  bareAck(_client: Socket, _data: unknown, ack: AckOf): void {
    setImmediate(() => ack('mine'));
  }

  @UseInterceptors({ intercept: (_: unknown, next: { handle(): ReturnType<typeof of> }) => next.handle().pipe(tap()) })
  @SubscribeMessage('intercepted')
  intercepted(): void {}
}

const gateways = [RoomGateway];
const answerOf = ({ socket }: TestClient, event: string, data: unknown = {}): Promise<unknown> =>
  socket.timeout(5000).emitWithAck(event, data) as Promise<unknown>;

describe('every ack is answered', () => {
  it.each([
    ['nothing', null],
    ['later', null],
    ['null', null],
    ['zero', 0],
    ['event', null],
    ['empty', null],
    ['values', 'first'],
    ['events', null],
    ['refuse', { refused: noticeOf('forbidden') }],
    ['stream-fails', { refused: noticeOf('forbidden') }],
    ['reserved', { refused: noticeOf('failed') }],
    ['own-ack', 'mine'],
    ['bare-ack', 'mine'],
    ['intercepted', null],
  ])('of a handler that answers with %s', async (event, answer) => {
    const server = await TestServer.start(admitting(), { gateways });
    const client = server.connect('/room');
    expect(await answerOf(client, event)).toEqual(answer);
    expect(await answerOf(client, 'zero')).toBe(0);
  });

  it.each(['reserved', 'reserved-own-ack'])('%s without an ack is refused by exception alone', async (event) => {
    const server = await TestServer.start(admitting(), { gateways });
    const client = server.connect('/room');
    await client.answered;
    const told = client.next('exception');
    client.socket.emit(event);
    expect(await told).toEqual({ ...noticeOf('failed'), event });
  });

  it('and an event that a handler returns is emitted before its ack', async () => {
    const server = await TestServer.start(admitting(), { gateways });
    const client = server.connect('/room');
    const heard: unknown[] = [];
    client.socket.on('news', (data) => heard.push(data));
    expect(await answerOf(client, 'event', { text: 'hello' })).toBeNull();
    expect(heard).toEqual([{ text: 'hello' }]);
    await answerOf(client, 'events');
    await answerOf(client, 'zero');
    expect(heard).toEqual([{ text: 'hello' }, 1, 2, 3]);
  });

  it('and a stream that goes on answers with its first value, and ends with the connection', async () => {
    const server = await TestServer.start(admitting(), { gateways });
    const client = server.connect('/room');
    const { endless } = server.app.get(RoomGateway);
    const answer = answerOf(client, 'endless');
    await answerOf(client, 'zero');
    endless.next('one');
    endless.next('two');
    expect(await answer).toBe('one');
    client.close();
    await expect.poll(() => endless.observed).toBe(false);
  });

  it('and without an ack, an event is emitted as Nest does', async () => {
    const server = await TestServer.start(admitting(), { gateways });
    const client = server.connect('/room');
    const heard = client.next('news');
    client.socket.emit('event', 'hello');
    expect(await heard).toBe('hello');
  });
});

@WebSocketGateway({ namespace: '/room' })
class TwinGateway extends WsManager {
  @SubscribeMessage('zero')
  zero(): void {}
}

it('a handler that returns nothing does not answer for another gateway that has the same event', async () => {
  const server = await TestServer.start(admitting(), { gateways: [TwinGateway, RoomGateway] });
  expect(await answerOf(server.connect('/room'), 'zero')).toBe(0);
});

/** Answers the ack late, as a filter that asks somebody else does. */
@Catch()
class LateFilter implements ExceptionFilter {
  catch(_: unknown, host: ArgumentsHost): void {
    setImmediate(() => host.getArgByIndex<AckOf>(2)('by the filter'));
  }
}

@UseFilters(LateFilter)
@WebSocketGateway({ namespace: '/room' })
class FilteredGateway extends WsManager {
  @SubscribeMessage('refuse')
  refuse(): void {
    throw new Error('refused');
  }
}

@WebSocketGateway({ namespace: '/room' })
class FilteredHandlerGateway extends WsManager {
  @UseFilters(LateFilter)
  @SubscribeMessage('refuse')
  refuse(): void {
    throw new Error('refused');
  }
}

it.each([[FilteredGateway], [FilteredHandlerGateway]])(
  'an exception that a filter of the application handles is never answered as success: %s',
  async (gateway) => {
    const server = await TestServer.start(admitting(), { gateways: [gateway] });
    expect(await answerOf(server.connect('/room'), 'refuse')).toBe('by the filter');
  },
);

it.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('every ack is answered on %s', async (_, platform) => {
  const secret = 'the secret of a test, long enough';
  const auth = WsAuthModule.forRoot({ strategy: testStrategy(admitting()), secret, directory: new MemoryDirectory() });
  @Module({ imports: [auth], providers: gateways })
  class AppModule {}
  const { url } = await serve(AppModule, { platform: platform() });
  const client = new TestClient(`${url}/room`);
  expect(await answerOf(client, 'nothing')).toBeNull();
  expect(await answerOf(client, 'event')).toBeNull();
  expect(await answerOf(client, 'refuse')).toEqual({ refused: noticeOf('forbidden') });
});
