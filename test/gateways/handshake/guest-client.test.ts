import { Module } from '@nestjs/common';
import { expect, describe, it, onTestFinished } from 'vitest';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { loadStrategy } from '../../../strategies/registry.ts';
import { createTokenClient } from '../../../strategies/shared/client/access-token-client.ts';
import { AuthSocket, type AuthSocketOptions } from '../../../strategies/shared/client/auth-socket.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import type { StrategyClient } from '../../../strategies/strategy.ts';
import { until } from '../../support/gate.ts';
import { AccountGateway, LobbyGateway } from '../../support/guests-app.ts';
import { serve } from '../../support/served-app.ts';

const password = 'a password of the test';
const tokenStrategies = ['access-refresh', 'connection-lease', 'handshake-only', 'long-lived-token'];

/** An application with a public lobby, a user who can sign in, and a client that has not yet. */
async function start(id: string) {
  const directory = new MemoryDirectory();
  const clock = new ManualClock();
  const { subject } = await directory.add({ username: 'ann', password });
  const secret = 'the secret of a test, long enough';
  const strategy = await loadStrategy(id);
  const auth = WsAuthModule.forRoot({ strategy, secret, directory, clock });
  @Module({ imports: [auth], providers: [LobbyGateway, AccountGateway] })
  class AppModule {}
  const { url, app } = await serve(AppModule);
  const { createClient } = await strategy.client();
  const client = createClient({ url });
  const connect = async (as: StrategyClient = client, options?: AuthSocketOptions) => {
    const socket = await AuthSocket.connect(as, `${url}/lobby`, options);
    onTestFinished(() => socket.close());
    return socket;
  };
  return { clock, subject, client, connect, lobby: app.get(LobbyGateway) };
}

describe.each(tokenStrategies)('a client of %s that connects as a guest', (id) => {
  it('signs in on its connection, and stays a guest where it is refused', async () => {
    const { subject, client, connect } = await start(id);
    const socket = await connect();
    const { id: connection } = socket.socket;
    expect(await socket.request('whoami', {})).toMatchObject({ guest: true });
    await expect(socket.signIn()).rejects.toMatchObject({ name: 'AuthError', code: 'unauthenticated', action: 'stop' });
    expect(await socket.request('whoami', {})).toMatchObject({ guest: true });
    await client.signIn('ann', password);
    await socket.signIn();
    expect(await socket.request('whoami', {})).toEqual({ subject, guest: false });
    expect(await socket.request('post', {})).toBe('posted');
    expect(socket.socket.id).toBe(connection);
  });

  it('is signed in by CONNECT after a loss, and has nothing to do then', async () => {
    const { subject, client, connect, lobby } = await start(id);
    const socket = await connect();
    await client.signIn('ann', password);
    socket.socket.io.engine.close();
    await until(() => socket.counters.reconnects === 1);
    await socket.signIn();
    expect(await socket.request('whoami', {})).toEqual({ subject, guest: false });
    expect(lobby.told.filter((told) => told.startsWith('signed in'))).toEqual([]);
  });

  it('comes back as the user after a loss', async () => {
    const { subject, client, connect } = await start(id);
    const socket = await connect();
    await client.signIn('ann', password);
    await socket.signIn();
    socket.socket.io.engine.close();
    await until(() => socket.counters.reconnects === 1);
    expect(await socket.request('whoami', {})).toEqual({ subject, guest: false });
  });

  it('renews a token that has expired before', async () => {
    const { clock, subject, client, connect } = await start(id);
    const socket = await connect();
    await client.signIn('ann', password);
    clock.advance((client.expiresAt ?? 0) - clock.now());
    await socket.signIn();
    expect(await socket.request('whoami', {})).toEqual({ subject, guest: false });
  });
});

describe('a client of tokens of your own', () => {
  it('connects as a guest only if it is asked to, and asks for a token to sign in', async () => {
    const { subject, client: issuer, connect } = await start('handshake-only');
    await issuer.signIn('ann', password);
    const { token } = issuer.connectOptions().auth as { token: string };
    let given: string | undefined;
    const client = createTokenClient({ getToken: () => given });
    await expect(connect(client)).rejects.toMatchObject({ code: 'unauthenticated' });
    const socket = await connect(client, { guest: true });
    await expect(socket.signIn()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await socket.request('whoami', {})).toMatchObject({ guest: true });
    given = token;
    await socket.signIn();
    expect(await socket.request('whoami', {})).toEqual({ subject, guest: false });
  });

  it('is told why it cannot get a token, as a guest too', async () => {
    const { connect } = await start('handshake-only');
    const client = createTokenClient({ getToken: () => Promise.reject(new Error('offline')) });
    await expect(connect(client, { guest: true })).rejects.toMatchObject({ code: 'token-unavailable' });
  });
});

it('a guest of `session` is told to sign in by HTTP, and stays a guest', async () => {
  const { client, connect } = await start('session');
  const socket = await connect();
  await client.signIn('ann', password);
  await expect(socket.signIn()).rejects.toMatchObject({ code: 'sign-in-unsupported' });
  expect(await socket.request('whoami', {})).toMatchObject({ guest: true });
});
