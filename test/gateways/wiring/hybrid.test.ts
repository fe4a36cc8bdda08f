import { once } from 'node:events';
import { type AddressInfo, connect, type Server } from 'node:net';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Inject,
  Module,
  type NestInterceptor,
  type PipeTransform,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { firstValueFrom, map, type Observable } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AuthAdapter } from '../../../gateways/auth.adapter.ts';
import { Roles } from '../../../gateways/messages/roles.guard.ts';
import { User } from '../../../gateways/principal.ts';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { WsAuthService } from '../../../gateways/ws-auth.service.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { freePort } from '../../support/free-port.ts';
import { TestClient } from '../../support/test-client.ts';
import { addUser, newDirectory, newSecret } from '../../../harness/app/app.ts';
import { createClient } from '../../../strategies/connection-lease/client.ts';
import connectionLease from '../../../strategies/connection-lease/index.ts';
import { AuthSocket } from '../../../strategies/shared/client/auth-socket.ts';
import type { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import type { Principal } from '../../../strategies/strategy.ts';

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  @SubscribeMessage('echo')
  echo(@User() { subject }: Principal, @MessageBody() { text }: { text: string }) {
    return { subject, text };
  }
}

/** The messages of another service, which come by TCP. */
@Controller()
class ServiceController {
  constructor(@Inject(WsAuthService) private readonly auth: WsAuthService) {}

  @MessagePattern('echo')
  echo(@Payload() { text }: { text: string }) {
    return { text };
  }

  @MessagePattern('kick')
  async kick(@Payload() { subject }: { subject: string }) {
    await this.auth.revoke({ subject });
    return { subject };
  }

  @Roles(['moderator'])
  @MessagePattern('moderate')
  moderate() {
    return { moderated: true };
  }
}

/** The global parts of an application, and the kinds of calls that they were asked about. */
function globalParts() {
  const seen = { guard: new Set<string>(), interceptor: new Set<string>(), pipe: 0 };
  const guard: CanActivate = {
    canActivate: (context: ExecutionContext) => (seen.guard.add(context.getType()), true),
  };
  const pipe: PipeTransform = { transform: (value: unknown) => ((seen.pipe += 1), value) };
  const envelope: NestInterceptor = {
    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      seen.interceptor.add(context.getType());
      return next.handle().pipe(map((data: unknown) => ({ data })));
    },
  };
  return { seen, guard, pipe, envelope };
}

const authOf = (directory: MemoryDirectory) =>
  WsAuthModule.forRoot({ strategy: connectionLease, secret: newSecret(), directory });

const tcp = (port = 0) => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port } }) as const;

async function start(inheritAppConfig: boolean) {
  const directory = newDirectory('fast');
  @Module({
    imports: [authOf(directory)],
    controllers: [ServiceController],
    providers: [RoomGateway],
  })
  class AppModule {}
  const { seen, guard, pipe, envelope } = globalParts();
  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= app.close());
  onTestFinished(close);
  app.useGlobalGuards(guard);
  app.useGlobalPipes(pipe);
  app.useGlobalInterceptors(envelope);
  app.useWebSocketAdapter(new AuthAdapter(app));
  const service = app.connectMicroservice(tcp(), { inheritAppConfig });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  const servicePort = (service.unwrap<Server>().address() as AddressInfo).port;
  const proxy = ClientProxyFactory.create(tcp(servicePort));
  onTestFinished(() => proxy.close());
  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    seen,
    close,
    ports: [port, servicePort],
    /** The answer of the TCP half. */
    send: (pattern: string, data: object) => firstValueFrom(proxy.send<unknown, object>(pattern, data)),
    async signedIn(name: string) {
      const user = await addUser(directory, name);
      const client = createClient({ url });
      await client.signIn(user.username, user.password);
      const socket = await AuthSocket.connect(client, `${url}/room`);
      onTestFinished(() => socket.close());
      return { client, socket };
    },
    stranger: () => AuthSocket.connect(createClient({ url }), `${url}/room`),
  };
}

describe.each([true, false])('a hybrid application, with inheritAppConfig: %s', (inheritAppConfig) => {
  it('signs in, answers messages, and a sign-out ends the connection', async () => {
    const { signedIn, stranger, seen } = await start(inheritAppConfig);
    await expect(stranger()).rejects.toMatchObject({ code: 'unauthenticated' });
    const { client, socket } = await signedIn('ann');
    expect(await socket.request('echo', { text: 'hello' })).toEqual({ data: { subject: 'ann', text: 'hello' } });
    await client.signOut();
    expect(await socket.ended).toBe('revoked');
    expect([...seen.guard].toSorted()).toEqual(['http', 'ws']);
  });

  it('answers the messages of other services, which need no credential of the kit', async () => {
    const { send, seen } = await start(inheritAppConfig);
    expect(await send('echo', { text: 'hello' })).toEqual(
      inheritAppConfig ? { data: { text: 'hello' } } : { text: 'hello' },
    );
    expect(seen.guard.has('rpc')).toBe(inheritAppConfig);
    expect(seen.interceptor.has('rpc')).toBe(inheritAppConfig);
    expect(seen.pipe > 0).toBe(inheritAppConfig);
  });

  it('ends the connections of a user whom another service kicks', async () => {
    const { send, signedIn } = await start(inheritAppConfig);
    const [{ socket: ann }, { socket: bob }] = [await signedIn('ann'), await signedIn('bob')];
    await send('kick', { subject: 'ann' });
    expect(await ann.ended).toBe('revoked');
    expect(await bob.request('echo', { text: 'still here' })).toMatchObject({ data: { subject: 'bob' } });
  });

  it('closes its connections and both of its servers', async () => {
    const { close, ports, signedIn, send } = await start(inheritAppConfig);
    const { socket } = await signedIn('ann');
    await send('echo', { text: 'opens the connection' });
    const disconnected = new Promise((resolve) => socket.socket.once('disconnect', resolve));
    await close();
    await disconnected;
    for (const port of ports) {
      await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
  });
});

describe('a microservice without an HTTP server', () => {
  /** The refusal of its start, or undefined if it starts. */
  async function refusalOf(port: number, install: boolean): Promise<unknown> {
    @WebSocketGateway(port, { namespace: '/room' })
    class PortGateway extends WsManager {}
    @Module({ imports: [authOf(newDirectory('fast'))], providers: [PortGateway] })
    class ServiceModule {}
    const app = await NestFactory.createMicroservice(ServiceModule, { ...tcp(), logger: false, abortOnError: false });
    onTestFinished(() => app.close());
    if (install) app.useWebSocketAdapter(new AuthAdapter(app));
    return app.listen().catch((error: unknown) => error);
  }

  it('does not start with a gateway that the adapter does not guard', async () => {
    const error = await refusalOf(await freePort(), false);
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'ERR_ADAPTER' });
    expect(String(error)).toContain('app.useWebSocketAdapter(new AuthAdapter(app))');
  });

  it('does not start with a gateway that needs an HTTP server', async () => {
    const error = await refusalOf(0, true);
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'ERR_GATEWAY' });
    expect(String(error)).toContain('Give the gateway a port of its own');
  });

  it('guards a gateway that has a port of its own', async () => {
    const port = await freePort();
    expect(await refusalOf(port, true)).toBeUndefined();
    expect(await new TestClient(`http://127.0.0.1:${port}/room`).answered).toBe('unauthenticated');
  });
});
