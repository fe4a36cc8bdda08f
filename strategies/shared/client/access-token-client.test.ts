import { expect, it, vi } from 'vitest';
import { refusalOf } from '../../../harness/app/scenario.ts';
import { gate } from '../../../test/support/gate.ts';
import { treating } from '../../../test/support/misbehaving-server.ts';
import { AuthError, refusals } from './auth-socket.ts';
import { createTokenClient } from './access-token-client.ts';

it('asks for one token at a time, however many want one', async () => {
  const asked = gate<string>();
  const getToken = vi.fn<() => Promise<string>>(() => asked.passed);
  const client = createTokenClient({ getToken });
  const renewals = [client.renew(), client.renew(), client.prepare!()];
  asked.open('a token');
  expect(await Promise.all(renewals)).toEqual([true, true, undefined]);
  expect(getToken).toHaveBeenCalledTimes(1);
  expect(client.connectOptions()).toEqual({ auth: { token: 'a token' } });
});

it('keeps no token that comes after a sign-out, and asks anew', async () => {
  const [first, second] = [gate<string>(), gate<string>()];
  const given = [first, second];
  const client = createTokenClient({ getToken: () => given.shift()!.passed });
  const before = client.renew();
  await Promise.resolve();
  await client.signOut();
  const after = client.renew();
  await Promise.resolve();
  second.open('the next one');
  expect(await after).toBe(true);
  first.open('of the last user');
  expect(await before).toBe(false);
  expect(client.connectOptions()).toEqual({ auth: { token: 'the next one' } });
});

it('still asks for one token at a time while the request from before a sign-out is under way', async () => {
  const given = [gate<string>(), gate<string>()];
  let asked = 0;
  const getToken = vi.fn<() => Promise<string>>(() => given[asked++]!.passed);
  const client = createTokenClient({ getToken });
  const before = client.renew();
  await Promise.resolve();
  await client.signOut();
  const after = client.renew();
  given[0]!.open('late');
  await before;
  expect(client.renew()).toBe(after);
  given[1]!.open('fresh');
  expect(await after).toBe(true);
  expect(getToken).toHaveBeenCalledTimes(2);
});

it.each([
  ['any error', new TypeError('fetch failed'), 'token-unavailable', 'retry'],
  ['a refusal of its own', new AuthError('unauthenticated'), 'unauthenticated', refusals.unauthenticated.action],
])('passes %s on, with whether a retry helps', async (_, error, code, action) => {
  const client = createTokenClient({ getToken: () => Promise.reject(error) });
  await expect(client.prepare!()).rejects.toMatchObject({ code, action });
});

it.each([undefined, null])('is signed out where getToken returns %s', async (nothing) => {
  const client = createTokenClient({ getToken: () => nothing });
  expect(await client.renew()).toBe(false);
  expect(await refusalOf(client.prepare!())).toBe('unauthenticated');
});

it('is asked again, after a pause, until it has a token for a renewal that the server wants', async () => {
  let asked = 0;
  const getToken = async () => {
    asked += 1;
    if (asked === 2 || asked === 3) throw new Error('offline');
    return `token ${asked}`;
  };
  const renewed = gate<unknown>();
  const { connect } = await treating([], (socket) => {
    socket.on('auth:renew', (credential: unknown, ack: (answer: object) => void) => {
      ack({});
      renewed.open(credential);
    });
    socket.emit('auth:renew');
  });
  const client = createTokenClient({ getToken });
  await connect({ client });
  expect(await renewed.passed).toEqual({ accessToken: 'token 4' });
});

it('ends the connection if a person has to sign in again', async () => {
  const { connect, server } = await treating([]);
  const tokens = ['a token', null];
  const client = createTokenClient({ getToken: () => tokens.shift(), inBand: false });
  const socket = await connect({ client });
  server.emit('auth:cut', { code: 'expired' });
  server.disconnectSockets(true);
  expect(await socket.ended).toBe('unauthenticated');
});
