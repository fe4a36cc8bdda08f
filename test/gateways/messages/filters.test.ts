import {
  type ArgumentsHost,
  BadRequestException,
  Catch,
  type ExceptionFilter,
  HttpException,
  Module,
  UseFilters,
} from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Response } from 'express';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { noticeOf } from '../../../strategies/strategy.ts';
import { TestClient } from '../../support/test-client.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

/** Notes what it hears. */
const noting = (heard: unknown[]): ExceptionFilter => {
  @Catch()
  class NotingFilter implements ExceptionFilter {
    catch(exception: unknown): void {
      heard.push(exception);
    }
  }
  return new NotingFilter();
};

@WebSocketGateway({ namespace: '/room' })
class StockGateway {
  @SubscribeMessage('act')
  act(): never {
    throw new BadRequestException('the text is too long');
  }
}

it('stock Nest asks no global filter about a gateway, neither APP_FILTER nor useGlobalFilters', async () => {
  const heard: unknown[] = [];
  @Module({ providers: [StockGateway, { provide: APP_FILTER, useValue: noting(heard) }] })
  class StockModule {}
  const app = await NestFactory.create(StockModule, { logger: false });
  onTestFinished(() => app.close());
  app.useWebSocketAdapter(new IoAdapter(app));
  app.useGlobalFilters(noting(heard));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const client = new TestClient(`http://127.0.0.1:${port}/room`);
  const told = client.next('exception');
  client.socket.emit('act', {});
  expect(await told).toMatchObject({ status: 'error' });
  expect(heard).toEqual([]);
});

/** A filter for HTTP, as the documentation of Nest shows it. */
@Catch(HttpException)
class HttpExceptionFilter implements ExceptionFilter<HttpException> {
  catch(exception: HttpException, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    response.status(exception.getStatus()).json({ statusCode: exception.getStatus() });
  }
}

/** A filter for gateways: it answers the ack. */
@Catch(HttpException)
class OwnFilter implements ExceptionFilter<HttpException> {
  catch(exception: HttpException, host: ArgumentsHost): void {
    host.getArgByIndex<(answer: unknown) => void>(2)({ own: exception.message });
  }
}

class Throwing extends WsManager {
  @SubscribeMessage('act')
  act(): never {
    throw new BadRequestException('the text is too long');
  }

  @SubscribeMessage('break')
  break(): never {
    throw new Error('host db-1 is down');
  }

  @SubscribeMessage('ping')
  ping(): string {
    return 'pong';
  }
}

@UseFilters(HttpExceptionFilter)
@WebSocketGateway({ namespace: '/room' })
class HttpGateway extends Throwing {}

it('a filter for HTTP that hears an exception of a gateway leaves the client without any answer', async () => {
  const server = await TestServer.start(admitting(), { gateways: [HttpGateway] });
  const client = server.connect('/room');
  const answers: unknown[] = [];
  client.socket.on('exception', (notice) => answers.push(notice));
  client.socket.emit('act', {}, (answer: unknown) => answers.push(answer));
  // The server handles events in order, so it has come past the first one.
  expect(await client.ask('ping')).toBe('pong');
  expect(answers).toEqual([]);
});

@UseFilters(OwnFilter)
@WebSocketGateway({ namespace: '/room' })
class FilteredGateway extends Throwing {}

@UseFilters(OwnFilter)
abstract class AppGateway extends Throwing {}

@WebSocketGateway({ namespace: '/room' })
class DerivedGateway extends AppGateway {}

@WebSocketGateway({ namespace: '/room' })
class FilteredHandlerGateway extends Throwing {
  @UseFilters(OwnFilter)
  @SubscribeMessage('act')
  override act(): never {
    return super.act();
  }
}

describe("a filter of the application is heard before the kit's", () => {
  it.each([
    ['on a gateway', FilteredGateway],
    ['on the base class of gateways', DerivedGateway],
    ['on a handler', FilteredHandlerGateway],
  ])('%s, and what it does not catch is answered by the kit', async (_, gateway) => {
    const server = await TestServer.start(admitting(), { gateways: [gateway] });
    const client = server.connect('/room');
    expect(await client.ask('act')).toEqual({ own: 'the text is too long' });
    expect(await client.ask('break')).toEqual({ refused: noticeOf('failed') });
  });
});
