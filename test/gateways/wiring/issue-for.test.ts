import { Controller, Inject, Module, Param, Post } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it } from 'vitest';
import { User } from '../../../gateways/principal.ts';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import handshakeOnly from '../../../strategies/handshake-only/index.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import { post } from '../../../strategies/shared/client/http-client.ts';
import type { TokenPair } from '../../../strategies/shared/tokens/token-pairs.ts';
import { TokenService } from '../../../strategies/shared/tokens/token-service.ts';
import type { Principal, SecurityEvent } from '../../../strategies/strategy.ts';
import { serve } from '../../support/served-app.ts';
import { TestClient } from '../../support/test-client.ts';

@WebSocketGateway({ namespace: '/account' })
class AccountGateway extends WsManager {
  @SubscribeMessage('whoami')
  whoAmI(@User() { subject, roles }: Principal) {
    return { subject, roles };
  }
}

/** Stands for the callback of OAuth: the application knows by then who has signed in. */
@Controller('callback')
class CallbackController {
  constructor(@Inject(TokenService) private readonly tokens: TokenService) {}

  @Post(':subject')
  callback(@Param('subject') subject: string): Promise<TokenPair> {
    return this.tokens.issueFor(subject);
  }
}

const platforms = [
  { name: 'Express', adapter: () => new ExpressAdapter() },
  { name: 'Fastify', adapter: () => new FastifyAdapter() },
];

describe.each(platforms)('tokens for somebody whom the application has identified, on $name', ({ adapter }) => {
  async function start() {
    const directory = new MemoryDirectory();
    await directory.add({ subject: 'ann', username: 'ann', password: 'never asked for', roles: ['user'] });
    const events: SecurityEvent[] = [];
    @Module({
      imports: [
        WsAuthModule.forRoot({
          strategy: handshakeOnly,
          secret: 'the secret of the kit, of 32 bytes',
          directory,
          report: (event) => void events.push(event),
        }),
      ],
      controllers: [CallbackController],
      providers: [AccountGateway],
    })
    class AppModule {}
    const { app, url } = await serve(AppModule, { platform: adapter() });
    const connect = ({ accessToken }: TokenPair) => new TestClient(`${url}/account`, { token: accessToken });
    return { directory, events, url, connect, tokens: app.get(TokenService, { strict: false }) };
  }

  it('open a connection, are renewed, and end with a sign-out', async () => {
    const { url, connect, events } = await start();
    const pair = (await (await post(`${url}/callback/ann`, {})).json()) as TokenPair;
    const client = connect(pair);
    expect(await client.answered).toBe('connected');
    expect(await client.ask('whoami')).toEqual({ subject: 'ann', roles: ['user'] });
    const renewed = (await (await post(`${url}/auth/refresh`, pair)).json()) as TokenPair;
    await post(`${url}/auth/logout`, renewed);
    expect(await client.cut).toBe('revoked');
    expect(await connect(renewed).answered).toBe('revoked');
    expect(events.filter(({ event }) => event === 'sign-in')).toMatchObject([{ subject: 'ann' }]);
  });

  it('are given to nobody who is unknown or banned', async () => {
    const { directory, tokens } = await start();
    await expect(tokens.issueFor('nobody')).rejects.toMatchObject({ code: 'revoked' });
    directory.setBanned('ann', true);
    await expect(tokens.issueFor('ann')).rejects.toMatchObject({ code: 'banned' });
  });
});
