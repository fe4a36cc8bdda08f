import { type INestApplication, Inject, Injectable, Logger, Module, type Provider, Scope } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { Test } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AuthAdapter } from '../../../gateways/auth.adapter.ts';
import { Public } from '../../../gateways/messages/public.ts';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import { freePort } from '../../support/free-port.ts';
import { admitting, testStrategy } from '../../support/test-strategy.ts';
import { TestClient } from '../../support/test-client.ts';
import { TestServer } from '../../support/test-server.ts';

const authOf = (options = {}) =>
  WsAuthModule.forRoot({
    strategy: testStrategy(admitting()),
    secret: 'the secret of a test, long enough',
    directory: new MemoryDirectory(),
    ...options,
  });

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {}

interface Start {
  readonly gateways?: Provider[];
  readonly options?: object;
  readonly imports?: ReturnType<typeof authOf>[];
  readonly install?: (app: INestApplication) => void;
}

/** Returns the error that stops the start of an application, or undefined if it starts. */
async function refusalOf({ gateways = [RoomGateway], options, imports, install }: Start): Promise<unknown> {
  const module = await Test.createTestingModule({
    imports: imports ?? [authOf(options)],
    providers: gateways,
  }).compile();
  const app = module.createNestApplication({ logger: false });
  onTestFinished(() => app.close());
  (install ?? ((given) => given.useWebSocketAdapter(new AuthAdapter(given))))(app);
  return app.init().then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A gateway with these options, and nothing else. */
function gatewayWith(options: object): Provider {
  @WebSocketGateway(options)
  class GivenGateway extends WsManager {}
  return GivenGateway;
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {}

@WebSocketGateway({ namespace: '/room' })
class DependingGateway extends WsManager {
  constructor(@Inject(PerRequest) readonly given: PerRequest) {
    super();
  }
}

@WebSocketGateway({ namespace: '/room' })
class SilentGateway extends WsManager {
  override afterInit(): void {}
}

@WebSocketGateway({ namespace: '/room' })
class PlainGateway {}

@WebSocketGateway({ namespace: '/room' })
class HalfOpenGateway extends WsManager {
  @Public()
  @SubscribeMessage('hello')
  hello(): string {
    return 'hello';
  }
}

@Public()
@WebSocketGateway({ namespace: '/room' })
class OpenGateway extends HalfOpenGateway {}

@WebSocketGateway({ namespace: '/other' })
class InheritingGateway extends OpenGateway {}

describe('wrong wiring stops the start, by a sentence that names the fix', () => {
  it.each<[string, Start, string, string]>([
    ['the adapter forgotten', { install: () => {} }, 'ERR_ADAPTER', 'app.useWebSocketAdapter(new AuthAdapter(app))'],
    [
      'another adapter in its place',
      { install: (app) => app.useWebSocketAdapter(new IoAdapter(app)) },
      'ERR_ADAPTER',
      'app.useWebSocketAdapter(new AuthAdapter(app))',
    ],
    [
      'another adapter, and no gateway that extends WsManager',
      { gateways: [PlainGateway], install: () => {} },
      'ERR_ADAPTER',
      'open to everyone',
    ],
    ['the module imported twice', { imports: [authOf(), authOf()] }, 'ERR_MODULE_TWICE', 'Import it once'],
    ['an afterInit without super', { gateways: [SilentGateway] }, 'ERR_GATEWAY', 'super.afterInit(server)'],
    ['a request-scoped dependency', { gateways: [PerRequest, DependingGateway] }, 'ERR_GATEWAY', 'default scope'],
    [
      'a namespace that is a pattern',
      { gateways: [gatewayWith({ namespace: /^\/room-\d+$/ })] },
      'ERR_GATEWAY',
      'exact name',
    ],
    [
      'connection state recovery',
      { gateways: [gatewayWith({ namespace: '/room', connectionStateRecovery: {} })] },
      'ERR_GATEWAY',
      'Remove it',
    ],
    [
      'cors that differs from origins',
      { gateways: [gatewayWith({ namespace: '/room', cors: { origin: 'https://app.example' } })] },
      'ERR_GATEWAY',
      'list its origins in origins',
    ],
    [
      'transports of a gateway',
      { gateways: [gatewayWith({ namespace: '/room', transports: ['polling', 'websocket'] })] },
      'ERR_GATEWAY',
      'pass transports: ["polling","websocket"] to forRoot',
    ],
    [
      'cors that allows any page',
      { gateways: [gatewayWith({ namespace: '/room', cors: true })], options: { origins: ['https://app.example'] } },
      'ERR_GATEWAY',
      'Remove cors',
    ],
    [
      'a public handler in a namespace that is not',
      { gateways: [HalfOpenGateway] },
      'ERR_GATEWAY',
      'HalfOpenGateway has @Public() on hello',
    ],
    [
      'a public gateway that shares its namespace with one that is not',
      { gateways: [OpenGateway, RoomGateway] },
      'ERR_GATEWAY',
      'RoomGateway shares its namespace with OpenGateway',
    ],
    [
      'a gateway that is public by its base class alone, beside one that is public itself',
      { gateways: [OpenGateway, InheritingGateway] },
      'ERR_GATEWAY',
      'InheritingGateway has @Public() on hello',
    ],
  ])('%s', async (_, start, code, fix) => {
    const error = await refusalOf(start);
    expect(error).toMatchObject({ name: 'ConfigurationError', code });
    expect(String(error)).toContain(fix);
  });

  it.each<[string, Start]>([
    ['a gateway as it should be', {}],
    ['a public gateway with public handlers', { gateways: [OpenGateway] }],
    ['no gateway', { gateways: [], install: () => {} }],
    [
      'cors that says what origins says',
      {
        gateways: [gatewayWith({ namespace: '/room', cors: { origin: ['https://app.example'] } })],
        options: { origins: ['https://app.example'] },
      },
    ],
  ])('%s starts', async (_, start) => {
    expect(await refusalOf(start)).toBeUndefined();
  });

  it('a worker that runs the same modules without a server starts', async () => {
    @Module({ imports: [authOf()], providers: [RoomGateway] })
    class WorkerModule {}
    const worker = await NestFactory.createApplicationContext(WorkerModule, { logger: false, abortOnError: false });
    onTestFinished(() => worker.close());
    expect(worker.get(RoomGateway)).toBeInstanceOf(WsManager);
  });
});

it('a gateway on another port does not open a namespace of the same name here', async () => {
  const port = await freePort();
  @WebSocketGateway(port, { namespace: '/room' })
  class ElsewhereGateway extends WsManager {}
  const server = await TestServer.start(admitting(), { gateways: [PlainGateway, ElsewhereGateway] });
  expect(await server.connect('/room').answered).toBe('namespace-closed');
  const elsewhere = new TestClient(`http://127.0.0.1:${port}/room`);
  expect(await elsewhere.answered).toBe('connected');
});

it('a gateway that no client can reach is named at the start, and one in an open namespace is not', async () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  expect(await refusalOf({ gateways: [RoomGateway, PlainGateway] })).toBeUndefined();
  expect(warn).not.toHaveBeenCalled();
  expect(await refusalOf({ gateways: [PlainGateway] })).toBeUndefined();
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Let PlainGateway extend WsManager'));
});
