import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Module,
  Post,
  SetMetadata,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import connectionLease from '../../connection-lease/index.ts';
import { createClient } from '../../connection-lease/client.ts';
import { MemoryDirectory } from '../accounts/directory.ts';

/** A global guard that lets nobody in where `isPublic` does not stand. */
const closed: CanActivate = {
  canActivate: (context: ExecutionContext) =>
    new Reflector().getAllAndOverride<true | undefined>('isPublic', [context.getHandler(), context.getClass()]) ??
    false,
};

@Controller('auth')
class OwnLoginController {
  @Post('login')
  login(): string {
    return 'own';
  }
}

async function start(http: object, controllers: Type[] = []) {
  const directory = new MemoryDirectory(async (password) => Buffer.from(password.padEnd(32).slice(0, 32)));
  await directory.add({ username: 'ann', password: 'a password' });
  const secret = 'the secret of a test, long enough';
  @Module({
    imports: [WsAuthModule.forRoot({ strategy: connectionLease, secret, directory, http })],
    controllers,
    providers: [{ provide: APP_GUARD, useValue: closed }],
  })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false, abortOnError: false });
  onTestFinished(() => app.close());
  await app.listen(0, '127.0.0.1');
  return `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
}

it('the endpoints answer under the path that they were given, and carry the decorators of the application', async () => {
  const url = await start({ path: 'ws-auth', decorators: [SetMetadata('isPublic', true)] });
  const client = createClient({ url, path: 'ws-auth' });
  await client.signIn('ann', 'a password');
  expect(await client.renew()).toBe(true);
  const answer = await fetch(`${url}/ws-auth/cookie/login`, { method: 'POST', body: 'no JSON' });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([415, 'no-store']);
  expect((await fetch(`${url}/auth/login`, { method: 'POST' })).status).toBe(404);
});

it('without them a global guard is asked first, and nothing is decorated for another application', async () => {
  const url = await start({});
  const body = JSON.stringify({ username: 'ann', password: 'a password' });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${url}/auth/login`, { method: 'POST', headers, body })).status).toBe(403);
});

it('a sign-in of the application at the same path stops the start, and at another one does not', async () => {
  const collision = await start({}, [OwnLoginController]).catch((error: unknown) => error);
  expect(collision).toMatchObject({ code: 'ERR_HTTP_PATH' });
  expect(String(collision)).toContain(
    "POST /auth/login of OwnLoginController collides with an endpoint of the kit. Beside strategy, pass http: { path: 'ws-auth' }",
  );
  await start({ path: 'ws-auth' }, [OwnLoginController]);
});
