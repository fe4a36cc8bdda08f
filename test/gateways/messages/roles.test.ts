import type { AddressInfo } from 'node:net';
import { Controller, Get } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { expect, it, onTestFinished } from 'vitest';
import { Roles } from '../../../gateways/messages/roles.guard.ts';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import { admitting, testStrategy } from '../../support/test-strategy.ts';

@Controller()
class HttpController {
  @Get('open')
  open(): string {
    return 'open';
  }

  @Roles(['moderator'])
  @Get('closed')
  closed(): string {
    return 'closed';
  }
}

it('a role asked for on an HTTP route is a role that nobody has', async () => {
  const options = { secret: 'the secret of a test, long enough', directory: new MemoryDirectory() };
  const auth = WsAuthModule.forRoot({ strategy: testStrategy(admitting()), ...options });
  const module = await Test.createTestingModule({ imports: [auth], controllers: [HttpController] }).compile();
  const app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  onTestFinished(() => app.close());
  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  expect((await fetch(`${url}/open`)).status).toBe(200);
  expect((await fetch(`${url}/closed`)).status).toBe(403);
});
