import { Module } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { expect, it, onTestFinished } from 'vitest';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import connectionLease from '../../../strategies/connection-lease/index.ts';
import { oidc } from '../../../strategies/shared/access-tokens/index.ts';
import { OidcProvider } from '../../support/oidc-provider.ts';
import { serve } from '../../support/served-app.ts';
import { TestClient } from '../../support/test-client.ts';

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  @SubscribeMessage('ping')
  ping() {
    return { pong: true };
  }
}

/** How many clients try at once. */
const AT_ONCE = 30;

async function start(coolDown: number) {
  const provider = await OidcProvider.start();
  onTestFinished(() => provider.stop());
  await provider.addKey('RS256');
  const accessTokens = oidc({ issuer: provider.issuer, audience: 'chat', coolDown });
  @Module({
    imports: [WsAuthModule.forRoot({ strategy: connectionLease, accessTokens, limits: false })],
    providers: [RoomGateway],
  })
  class AppModule {}
  const { url } = await serve(AppModule);
  const connect = (token: string) => new TestClient(`${url}/room`, { token });
  const manyConnect = (token: string) =>
    Promise.all(Array.from({ length: AT_ONCE }, () => connect(token).answered)).then((answers) => new Set(answers));
  const keysAsked = () => provider.asked.filter((path) => path === '/keys').length;
  return { provider, connect, manyConnect, keysAsked };
}

it('while the provider is away, connections stay open, known keys are accepted, and unknown keys are refused', async () => {
  const { provider, connect, manyConnect } = await start(60_000);
  const token = await provider.token();
  const client = connect(token);
  expect(await client.answered).toBe('connected');
  provider.isAway = true;
  const unknown = await provider.token({}, { key: await provider.addKey('RS256') });
  expect(await manyConnect(unknown)).not.toContain('connected');
  expect(await client.ask('ping')).toEqual({ pong: true });
  expect(await connect(token).answered).toBe('connected');
});

it('when the provider is back, 30 clients with its new key are accepted after one request', async () => {
  const { provider, connect, manyConnect, keysAsked } = await start(50);
  expect(await connect(await provider.token()).answered).toBe('connected');
  provider.isAway = true;
  const token = await provider.token({}, { key: await provider.addKey('RS256') });
  expect(await manyConnect(token)).not.toContain('connected');
  provider.isAway = false;
  const before = keysAsked();
  // The pause after the last failure may not be over yet.
  while ((await connect(token).answered) !== 'connected');
  expect(await manyConnect(token)).toEqual(new Set(['connected']));
  expect(keysAsked() - before).toBe(1);
});
