import type { AddressInfo } from 'node:net';
import { Inject, Injectable, Module } from '@nestjs/common';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AuthAdapter } from '../../../gateways/auth.adapter.ts';
import { User } from '../../../gateways/principal.ts';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { refusalOf } from '../../../harness/app/scenario.ts';
import { addUser, newDirectory, newSecret, type TestUser } from '../../../harness/app/app.ts';
import { loadStrategies } from '../../../strategies/registry.ts';
import type { UserDirectory } from '../../../strategies/shared/accounts/directory.ts';
import { AuthSocket } from '../../../strategies/shared/client/auth-socket.ts';
import type { Principal, Strategy } from '../../../strategies/strategy.ts';

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

/** The users of the application in production: nobody in a test may ask for them. */
@Injectable()
class UsersService implements UserDirectory {
  verifyPassword(): never {
    throw new Error('The real directory was asked');
  }
  find(): never {
    throw new Error('The real directory was asked');
  }
  onChange(): never {
    throw new Error('The real directory was asked');
  }
}

/** It has no secret until a test gives it one. */
@Injectable()
class ConfigService {
  get(_: string): string | undefined {
    return undefined;
  }
}

@Module({ providers: [UsersService, ConfigService], exports: [UsersService, ConfigService] })
class UsersModule {}

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  constructor(@Inject(ConfigService) readonly config: ConfigService) {
    super();
  }

  @SubscribeMessage('whoami')
  whoAmI(@User() { subject, roles }: Principal) {
    return { subject, roles };
  }
}

function applicationOf(strategy: Strategy) {
  @Module({
    imports: [
      WsAuthModule.forRootAsync({
        strategy,
        imports: [UsersModule],
        inject: [ConfigService, UsersService],
        useFactory: (config: ConfigService, directory: UsersService) => ({
          secret: config.get('WS_AUTH_SECRET'),
          directory,
        }),
      }),
      UsersModule,
    ],
    providers: [RoomGateway],
  })
  class AppModule {}
  return Test.createTestingModule({ imports: [AppModule] });
}

async function served(builder: TestingModuleBuilder): Promise<string> {
  const module = await builder.compile();
  const app = module.createNestApplication({ logger: false });
  onTestFinished(() => app.close());
  app.useWebSocketAdapter(new AuthAdapter(app));
  await app.listen(0, '127.0.0.1');
  return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
}

async function connected(strategy: Strategy, url: string, { username, password }: TestUser): Promise<AuthSocket> {
  const client = (await strategy.client()).createClient({ url });
  await client.signIn(username, password);
  const socket = await AuthSocket.connect(client, `${url}/room`);
  onTestFinished(() => socket.close());
  return socket;
}

const config = { get: () => newSecret() };

describe.each(strategies)('in a test of the application, with forRootAsync and $id', (strategy) => {
  it('an overridden directory signs users in, and its changes end their connections', async () => {
    const directory = newDirectory('fast');
    const builder = applicationOf(strategy).overrideProvider(UsersService).useValue(directory);
    const url = await served(builder.overrideProvider(ConfigService).useValue(config));
    const ann = await addUser(directory, 'ann', ['moderator']);
    const socket = await connected(strategy, url, ann);
    expect(await socket.request('whoami', {})).toEqual({ subject: 'ann', roles: ['moderator'] });
    directory.setBanned('ann', true);
    expect(await socket.ended).toBe('banned');
    expect(await refusalOf(connected(strategy, url, ann))).toBe('banned');
  });

  it('an overridden module brings its own directory and secret', async () => {
    const directory = newDirectory('fast');
    @Module({
      providers: [
        { provide: UsersService, useValue: directory },
        { provide: ConfigService, useValue: config },
      ],
      exports: [UsersService, ConfigService],
    })
    class TestUsersModule {}
    const url = await served(applicationOf(strategy).overrideModule(UsersModule).useModule(TestUsersModule));
    const socket = await connected(strategy, url, await addUser(directory, 'ann'));
    expect(await socket.request('whoami', {})).toEqual({ subject: 'ann', roles: [] });
  });

  it('without an override the real providers are asked', async () => {
    const builder = applicationOf(strategy).overrideProvider(ConfigService).useValue(config);
    await expect(served(builder)).rejects.toThrow('The real directory was asked');
    await expect(served(applicationOf(strategy))).rejects.toMatchObject({ code: 'ERR_SECRET_MISSING' });
  });
});

it('a module that calls forRoot is overridden as a whole', async () => {
  const [strategy] = strategies as [Strategy];
  const auth = (directory: UserDirectory) => WsAuthModule.forRoot({ strategy, secret: newSecret(), directory });
  @Module({ imports: [auth(new UsersService())] })
  class AuthModule {}
  const directory = newDirectory('fast');
  @Module({ imports: [auth(directory)] })
  class TestAuthModule {}
  @Module({ imports: [AuthModule, UsersModule], providers: [RoomGateway] })
  class AppModule {}
  const builder = Test.createTestingModule({ imports: [AppModule] });
  const url = await served(builder.overrideModule(AuthModule).useModule(TestAuthModule));
  const socket = await connected(strategy, url, await addUser(directory, 'ann'));
  expect(await socket.request('whoami', {})).toMatchObject({ subject: 'ann' });
});
