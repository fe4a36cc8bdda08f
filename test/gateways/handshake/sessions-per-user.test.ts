import { describe, expect, it, onTestFinished } from 'vitest';
import { refusalOf, Scenario } from '../../../harness/app/scenario.ts';
import { post } from '../../../strategies/shared/client/http-client.ts';
import type { TokenPair } from '../../../strategies/shared/tokens/token-pairs.ts';
import connectionLease from '../../../strategies/connection-lease/index.ts';
import handshakeOnly from '../../../strategies/handshake-only/index.ts';
import longLivedToken from '../../../strategies/long-lived-token/index.ts';
import { loadStrategies, loadStrategy } from '../../../strategies/registry.ts';
import { MOST_TOKENS } from '../../../strategies/shared/accounts/session-limit.ts';
import { defaultLifetimes } from '../../../strategies/shared/lifetimes.ts';
import { LEFT_FOR } from '../../../strategies/shared/stores/sign-ins.ts';
import type { Strategy } from '../../../strategies/strategy.ts';
import { start } from '../../support/own-login-app.ts';

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

async function application(strategy: Strategy, maxSessionsPerUser = 1) {
  const scenario = await Scenario.start(strategy, 'hardened', { maxSessionsPerUser });
  onTestFinished(() => scenario.dispose());
  const user = await scenario.user();
  const device = async () => {
    const client = await scenario.signedIn(user);
    return { client, socket: await scenario.connectWith(client.connectOptions()) };
  };
  return { scenario, user, device };
}

describe.each(strategies)("at most n of a user's sign-ins, by $id", (strategy) => {
  it('a second one ends the connections of the first, which stays out', async () => {
    const { scenario, device } = await application(strategy);
    const [first, second] = [await device(), await device()];
    expect(await first.socket.ended).toBe('signed-in-elsewhere');
    expect(await refusalOf(scenario.connectWith(first.client.connectOptions()))).toBe('signed-in-elsewhere');
    scenario.clock.advance(LEFT_FOR);
    expect(await refusalOf(scenario.connectWith(first.client.connectOptions()))).toBe('signed-in-elsewhere');
    expect(second.socket.socket.connected).toBe(true);
  });

  it('another tab or a reload of the newest ends nothing', async () => {
    const { scenario, device } = await application(strategy);
    const { client, socket } = await device();
    const tab = await scenario.connectWith(client.connectOptions());
    socket.close();
    await scenario.connectWith(client.connectOptions());
    expect(tab.socket.connected).toBe(true);
  });

  it('the oldest ends where there are more than n, and a signed-out one does not count', async () => {
    const { device } = await application(strategy, 2);
    const [first, second] = [await device(), await device()];
    await second.client.signOut();
    const third = await device();
    expect(first.socket.socket.connected).toBe(true);
    await device();
    expect(await first.socket.ended).toBe('signed-in-elsewhere');
    expect(third.socket.socket.connected).toBe(true);
  });

  it('other users keep theirs', async () => {
    const { scenario, device } = await application(strategy);
    const other = await scenario.signedIn(await scenario.user());
    const socket = await scenario.connectWith(other.connectOptions());
    await device();
    await device();
    expect(socket.socket.connected).toBe(true);
  });
});

it('a sign-in that has ended gets no fresh tokens', async () => {
  const { scenario, user } = await application(await loadStrategy('access-refresh'));
  const login = async () => (await (await post(`${scenario.app.url}/auth/login`, user)).json()) as TokenPair;
  const { refreshToken } = await login();
  await login();
  const refreshed = post(`${scenario.app.url}/auth/refresh`, { refreshToken });
  await expect(refreshed).rejects.toMatchObject({ code: 'signed-in-elsewhere' });
});

const secret = 'the secret of the kit, of 32 bytes';
const limited = (strategy: Strategy, maxSessionsPerUser = 1) =>
  start(strategy, secret, undefined, { maxSessionsPerUser });

describe.each([connectionLease, handshakeOnly, longLivedToken])(
  'with the tokens of another issuer, by $id',
  (strategy) => {
    it('a session is what the issuer names one', async () => {
      const server = await limited(strategy);
      const [token, fresh] = [await server.sign({ sid: 'one', jti: '1' }), await server.sign({ sid: 'one', jti: '2' })];
      const [first, tab] = [server.connect({ token }), server.connect({ token: fresh })];
      expect([await first.answered, await tab.answered]).toEqual(['connected', 'connected']);
      expect(await server.connect({ token: await server.sign({ sid: 'two' }) }).answered).toBe('connected');
      expect([await first.cut, await tab.cut]).toEqual(['signed-in-elsewhere', 'signed-in-elsewhere']);
      expect(await server.connect({ token: fresh }).answered).toBe('signed-in-elsewhere');
    });

    it('a token that names none is a session of its own', async () => {
      const server = await limited(strategy);
      const [token, other] = [await server.sign({ jti: '1' }), await server.sign({ jti: '2' })];
      const [first, tab] = [server.connect({ token }), server.connect({ token })];
      expect([await first.answered, await tab.answered]).toEqual(['connected', 'connected']);
      expect(await server.connect({ token: other }).answered).toBe('connected');
      expect([await first.cut, await tab.cut]).toEqual(['signed-in-elsewhere', 'signed-in-elsewhere']);
      expect(await server.connect({ token }).answered).toBe('signed-in-elsewhere');
    });
  },
);

it('a token that renews another on the connection belongs to the same session', async () => {
  const server = await limited(connectionLease, 2);
  const laptop = server.connect({ token: await server.sign({ jti: 'laptop' }) });
  expect(await laptop.answered).toBe('connected');
  const phone = server.connect({ token: await server.sign({ jti: 'phone' }) });
  expect(await phone.answered).toBe('connected');
  for (const jti of ['phone 2', 'phone 3', 'phone 4']) {
    expect(await phone.ask('auth:renew', { accessToken: await server.sign({ jti }) })).toEqual({ credential: {} });
  }
  expect(await laptop.ask('whoami')).toMatchObject({ subject: 'ann' });
  expect(await server.connect({ token: await server.sign({ jti: 'tablet' }) }).answered).toBe('connected');
  expect(await laptop.cut).toBe('signed-in-elsewhere');
  expect(await phone.ask('whoami')).toMatchObject({ subject: 'ann' });
  expect(await server.connect({ token: await server.sign({ jti: 'another' }) }).answered).toBe('connected');
  expect(await phone.cut).toBe('signed-in-elsewhere');
});

it('a session whose tokens are renewed again and again pushes no other one out of the count', async () => {
  const server = await limited(connectionLease, 2);
  const laptop = server.connect({ token: await server.sign({ jti: 'laptop' }) });
  expect(await laptop.answered).toBe('connected');
  const phone = server.connect({ token: await server.sign({ jti: 'phone' }) });
  expect(await phone.answered).toBe('connected');
  for (let renewals = 1; renewals < MOST_TOKENS; renewals++) {
    await phone.ask('auth:renew', { accessToken: await server.sign({ jti: `phone ${renewals}` }) });
  }
  expect(phone.notices).toEqual([]);
  phone.socket.emit('auth:renew', { accessToken: await server.sign({ jti: 'one too many' }) });
  expect(await phone.cut).toBe('signed-in-elsewhere');
  expect(await laptop.ask('whoami')).toMatchObject({ subject: 'ann' });
});

it('a token that has expired does not count', async () => {
  const server = await limited(handshakeOnly, 2);
  const laptop = server.connect({ token: await server.sign({ jti: 'laptop' }) });
  expect(await laptop.answered).toBe('connected');
  for (const jti of ['1', '2', '3']) {
    const phone = server.connect({ token: await server.sign({ jti }, { expiresIn: 60 }) });
    expect(await phone.answered).toBe('connected');
    server.clock.advance(60_000 + defaultLifetimes.renewalGrace);
    expect(await phone.cut).toBe('expired');
  }
  expect(await laptop.ask('whoami')).toMatchObject({ subject: 'ann' });
});
