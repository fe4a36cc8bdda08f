import { describe, expect, it } from 'vitest';
import { noLimits } from '../../../gateways/options/limits.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { type AuthDecision, refused } from '../../../strategies/strategy.ts';
import { until } from '../../support/gate.ts';
import { admit, connectionsOf, guestIn, LobbyGateway, named, startLobby, tokens } from '../../support/guests-app.ts';

describe('a guest that signs in on its connection', () => {
  it('is that user from then on: to handlers, roles, rooms, `loadUser` and hooks', async () => {
    const server = await startLobby(named(), { loadUser: ({ subject }) => `user ${subject}` });
    const client = await guestIn(server);
    const { subject: guest } = (await client.ask('whoami')) as { subject: string };
    expect(await client.ask('auth:signin', { subject: 'ann', roles: ['moderator'] })).toEqual({ credential: {} });
    expect(await client.ask('whoami')).toEqual({ subject: 'ann', guest: false, user: 'user ann' });
    expect(await client.ask('post')).toBe('posted');
    expect(await client.ask('delete')).toBe('deleted');
    const lobby = server.app.get(LobbyGateway);
    expect(lobby.guests).toBe(0);
    const news = client.next('news');
    lobby.say(guest);
    lobby.say('ann');
    expect(await news).toBe('ann');
    client.close();
    await until(() => lobby.told.length === 3);
    expect(lobby.told).toEqual(['connected a guest', 'signed in ann', 'left ann']);
  });

  it('has only the roles of that user', async () => {
    const client = await guestIn(await startLobby());
    await client.ask('auth:signin', { subject: 'ann' });
    expect(await client.ask('delete')).toMatchObject({ refused: { code: 'forbidden' } });
  });

  it('is asked to renew, and ends, when its credential does, and no longer when a guest does', async () => {
    const clock = new ManualClock();
    const ends = () => admit({}, { promptAt: clock.now() + 7_000_000, cutAt: clock.now() + 8_000_000 });
    const client = await guestIn(await startLobby(tokens(ends), { clock }));
    await client.ask('auth:signin', { token: 'any' });
    clock.advance(6_999_999);
    expect(await client.ask('post')).toBe('posted');
    const prompt = client.next('auth:renew');
    clock.advance(1);
    expect(await prompt).toMatchObject({ code: 'expired', endsIn: 1_000_000 });
    clock.advance(1_000_000);
    expect(await client.cut).toBe('expired');
  });

  it('ends by a revocation of the user', async () => {
    const server = await startLobby();
    const client = await guestIn(server);
    await client.ask('auth:signin', { subject: 'ann' });
    connectionsOf(server).revoke({ code: 'banned', subject: 'ann' });
    expect(await client.cut).toBe('banned');
    expect(server.counters()).toMatchObject({ open: 0, pending: 0 });
  });

  it('is handed what the strategy issues', async () => {
    const client = await guestIn(await startLobby(tokens(() => admit({}, { issued: { wsToken: 'abc' } }))));
    expect(await client.ask('auth:signin', { token: 'any' })).toEqual({ credential: { wsToken: 'abc' } });
  });

  it('signs in once: afterwards no handler serves the event', async () => {
    const client = await guestIn(await startLobby());
    await client.ask('auth:signin', { subject: 'ann' });
    expect(await client.ask('auth:signin', { subject: 'bob' })).toMatchObject({ refused: { code: 'unknown-event' } });
    expect(await client.ask('whoami')).toMatchObject({ subject: 'ann' });
  });

  it('that came as a user cannot become another one', async () => {
    const server = await startLobby();
    const client = server.connect('/lobby', { subject: 'ann' });
    expect(await client.ask('auth:signin', { subject: 'bob' })).toMatchObject({ refused: { code: 'unknown-event' } });
  });

  it('ends where a hook refuses the user', async () => {
    const client = await guestIn(await startLobby());
    client.socket.emit('auth:signin', { subject: 'unwelcome' });
    expect(await client.cut).toBe('failed');
  });

  it('without an ack signs in all the same', async () => {
    const server = await startLobby();
    const client = await guestIn(server);
    client.socket.emit('auth:signin', { subject: 'ann' });
    await until(() => server.app.get(LobbyGateway).told.includes('signed in ann'));
    expect(await client.ask('post')).toBe('posted');
  });
});

describe('a sign-in that is refused leaves a guest, who may try again', () => {
  it.each<[string, unknown[], string]>([
    ['an invalid credential', [{ subject: 7 }], 'unauthenticated'],
    ['no credential', [{}], 'unauthenticated'],
    ['nothing', [], 'unauthenticated'],
    ['null', [null], 'unauthenticated'],
    ['a text', ['token'], 'unauthenticated'],
    ['a list', [['token']], 'unauthenticated'],
    ['too many values', [{ all: Array.from({ length: 300 }, () => 0) }], 'bad-message'],
    ['a text longer than a CONNECT may be', [{ token: 'x'.repeat(9000) }], 'bad-message'],
  ])('%s', async (_, args, code) => {
    const server = await startLobby();
    const client = await guestIn(server);
    const answer = (await client.socket.timeout(5000).emitWithAck('auth:signin', ...args)) as object;
    expect(answer).toMatchObject({ refused: { code } });
    expect(server.counters()).toMatchObject({ open: 1, pending: 0, refused: { [code]: 1 } });
    expect(await client.ask('auth:signin', { subject: 'ann' })).toEqual({ credential: {} });
  });

  it.each<[string, () => AuthDecision | Promise<AuthDecision>, string]>([
    ['an expired credential', () => refused('expired'), 'expired'],
    ['a revoked one', () => refused('revoked'), 'revoked'],
    ['one that has ended by now', () => admit({}, { cutAt: 1 }), 'expired'],
    ['an end that is no time', () => admit({}, { cutAt: NaN }), 'unavailable'],
    ['a strategy that fails', () => Promise.reject(new Error('store down')), 'unavailable'],
  ])('%s', async (_, authenticate, code) => {
    const client = await guestIn(await startLobby(tokens(authenticate)));
    expect(await client.ask('auth:signin', { token: 'any' })).toMatchObject({ refused: { code } });
    expect(await client.ask('whoami')).toMatchObject({ guest: true });
    expect(await client.ask('auth:signin', { subject: 'ann' })).toEqual({ credential: {} });
  });

  it('more sign-ins than a transport may send CONNECTs', async () => {
    const server = await startLobby(named(), { limits: { ...noLimits, connectsPerTransport: 3 } });
    const client = await guestIn(server);
    for (let attempt = 0; attempt < 2; attempt++) await client.ask('auth:signin', {});
    expect(await client.ask('auth:signin', { subject: 'ann' })).toMatchObject({
      refused: { code: 'too-many-connects' },
    });
  });

  it('more connections than a user may have', async () => {
    const server = await startLobby(named(), { limits: { ...noLimits, connectionsPerUser: 1 } });
    const client = await guestIn(server);
    await server.connect('/lobby', { subject: 'ann' }).answered;
    expect(await client.ask('auth:signin', { subject: 'ann' })).toMatchObject({
      refused: { code: 'too-many-connections' },
    });
  });

  it('another user than the one of the transport', async () => {
    const server = await startLobby();
    const transport = await server.raw();
    transport.send('40/lobby,{}', '40/account,{"subject":"ann"}');
    await transport.frame(/^40\/account/);
    transport.send('42/lobby,1["auth:signin",{"subject":"bob"}]');
    expect(await transport.frame(/^43\/lobby,1/)).toContain('"subject-mismatch"');
    transport.send('42/lobby,2["auth:signin",{"subject":"ann"}]');
    expect(await transport.frame(/^43\/lobby,2/)).toContain('"credential"');
  });

  it('and after a sign-in, no other user gets onto the transport', async () => {
    const server = await startLobby();
    const transport = await server.raw();
    transport.send('40/lobby,{}');
    await transport.frame(/^40\/lobby/);
    transport.send('42/lobby,1["auth:signin",{"subject":"ann"}]');
    await transport.frame(/^43\/lobby,1/);
    transport.send('40/account,{"subject":"bob"}');
    expect(await transport.frame(/^44\/account/)).toContain('"subject-mismatch"');
  });

  it('a credential that the strategy takes only from a cookie', async () => {
    const server = await startLobby(named({ credentialInRequest: true }));
    const client = await guestIn(server);
    expect(await client.ask('auth:signin', { subject: 'ann' })).toMatchObject({
      refused: { code: 'sign-in-unsupported', action: 'stop' },
    });
    expect(await client.ask('whoami')).toMatchObject({ guest: true });
  });
});
