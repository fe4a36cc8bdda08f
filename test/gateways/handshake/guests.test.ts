import { describe, expect, it } from 'vitest';
import { Connections } from '../../../gateways/connections/connections.ts';
import { type Limits, noLimits, resolveLimits } from '../../../gateways/options/limits.ts';
import { refused, type SecurityEvent } from '../../../strategies/strategy.ts';
import { until } from '../../support/gate.ts';
import { LobbyGateway, named, startLobby } from '../../support/guests-app.ts';

const only = (limits: object) => ({ limits: { ...noLimits, ...limits } });

describe('a public namespace', () => {
  it('lets a client without a credential in, as a guest with an id of its own and no roles', async () => {
    const server = await startLobby();
    const [one, other] = [server.connect('/lobby'), server.connect('/lobby')];
    const [first, second] = (await Promise.all([one.ask('whoami'), other.ask('whoami')])) as Record<string, unknown>[];
    expect(first).toEqual({ subject: expect.stringMatching(/^guest:[\da-f-]{36}$/) as string, guest: true });
    expect(second?.['subject']).not.toBe(first?.['subject']);
  });

  it('recognises a valid credential', async () => {
    const server = await startLobby();
    const ann = server.connect('/lobby', { subject: 'ann' });
    expect(await ann.ask('whoami')).toEqual({ subject: 'ann', guest: false });
    expect(await ann.ask('post')).toBe('posted');
  });

  it('refuses an invalid credential', async () => {
    const server = await startLobby();
    expect(await server.connect('/lobby', { subject: 7 }).answered).toBe('unauthenticated');
    expect(server.counters()).toMatchObject({ open: 0, accepted: 0 });
  });

  it.each([
    ['refuses without saying that nothing was presented', () => refused('unauthenticated')],
    ['fails', () => Promise.reject(new Error('store down'))],
  ])('lets nobody in as a guest where the strategy %s', async (_, authenticate) => {
    const server = await startLobby(named({ authenticate }));
    expect(await server.connect('/lobby').answered).toMatch(/^un(authenticated|available)$/);
  });

  it('opens no other namespace to guests', async () => {
    const server = await startLobby();
    expect(await server.connect('/account').answered).toBe('unauthenticated');
  });
});

describe('a guest', () => {
  it('is refused by every handler that is not public, and its connection stays open', async () => {
    const server = await startLobby();
    const guest = server.connect('/lobby');
    for (const event of ['post', 'delete']) {
      expect(await guest.ask(event)).toMatchObject({ refused: { code: 'unauthenticated' } });
    }
    expect(await guest.ask('whoami')).toMatchObject({ guest: true });
  });

  it('has nothing to renew', async () => {
    const server = await startLobby(named({ renew: async ({ admitted }) => admitted }));
    const guest = server.connect('/lobby');
    expect(await guest.ask('auth:renew', {})).toMatchObject({ refused: { code: 'unauthenticated' } });
    expect(await guest.ask('whoami')).toMatchObject({ guest: true });
  });

  it('is not loaded by `loadUser`', async () => {
    const loaded: string[] = [];
    const server = await startLobby(named(), { loadUser: ({ subject }) => loaded.push(subject) });
    await server.connect('/lobby').ask('whoami');
    expect(loaded).toEqual([]);
  });

  it('counts among the connections of its address', async () => {
    const server = await startLobby(named(), only({ connectionsPerAddress: 1 }));
    expect(await server.connect('/lobby').answered).toBe('connected');
    expect(await server.connect('/lobby').answered).toBe('too-many-connections');
  });

  it('leaves places for users: guests have a limit of their own, and make room when they leave', async () => {
    const server = await startLobby(named(), only({ guests: 1 }));
    const guest = server.connect('/lobby');
    expect(await guest.answered).toBe('connected');
    expect(await server.connect('/lobby').answered).toBe('too-many-connections');
    expect(await server.connect('/lobby', { subject: 'ann' }).answered).toBe('connected');
    guest.close();
    await until(() => server.app.get(LobbyGateway).guests === 0);
    expect(await server.connect('/lobby').answered).toBe('connected');
  });

  it('has to connect anew after its lifetime', async () => {
    const server = await startLobby();
    const guest = server.connect('/lobby');
    await guest.answered;
    server.clock.advance(60 * 60 * 1000 - 1);
    expect(await guest.ask('whoami')).toMatchObject({ guest: true });
    server.clock.advance(1);
    expect(await guest.cut).toBe('reconnect-required');
  });

  it('stays for as long as it likes where its lifetime is switched off', async () => {
    const server = await startLobby(named(), only({}));
    const guest = server.connect('/lobby');
    await guest.answered;
    server.clock.advance(30 * 24 * 60 * 60 * 1000);
    expect(await guest.ask('whoami')).toMatchObject({ guest: true });
  });

  it('can be cut by its id', async () => {
    const server = await startLobby();
    const guest = server.connect('/lobby');
    const { subject } = (await guest.ask('whoami')) as { subject: string };
    server.app.get(Connections, { strict: false }).revoke({ code: 'revoked', subject });
    expect(await guest.cut).toBe('revoked');
  });

  it('shares its transport with one user, and both hear of a cut', async () => {
    const events: SecurityEvent[] = [];
    const server = await startLobby(named(), { report: (event) => events.push(event) });
    const transport = await server.raw();
    transport.send('40/lobby,{}', '40/account,{"subject":"ann"}');
    expect(await transport.frame(/^40\/account/)).toBeDefined();
    server.app.get(Connections, { strict: false }).revoke({ code: 'banned', subject: 'ann' });
    await transport.closed;
    const cuts = transport.frames.filter((frame) => frame.includes('"auth:cut",{"code":"banned"'));
    expect(new Set(cuts.map((frame) => frame.split(',')[0]))).toEqual(new Set(['42/account', '42/lobby']));
    expect(events.filter(({ event }) => event === 'cut')).toHaveLength(2);
  });
});

it.each<[Partial<Limits>, number | false]>([
  [{}, 5000],
  [{ transports: 100 }, 25],
  [{ transports: false }, 5000],
  [{ transports: 100, guests: 90 }, 90],
  [{ guests: false }, false],
])('with the limits %j, a node takes %j guests', (given, guests) => {
  expect(resolveLimits(given).guests).toBe(guests);
});
