import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../../test/support/gate.ts';
import { treating } from '../../../test/support/misbehaving-server.ts';
import { createClient as accessRefresh } from '../../access-refresh/client.ts';
import { createClient as connectionLease, createCookieClient } from '../../connection-lease/client.ts';
import { createClient as longLivedToken } from '../../long-lived-token/client.ts';
import { AuthError } from '../errors.ts';
import type { TokenPair } from '../tokens/token-pairs.ts';

type Ack = (answer: unknown) => void;

const pairOf = (name: string): TokenPair => ({ accessToken: `${name}-1`, refreshToken: `${name}-2`, expiresAt: 9e12 });

/** A server that gives these answers to POSTs, in turn. */
async function answering(...answers: readonly (object | string | null)[]): Promise<string> {
  const left = answers.map((answer) => (typeof answer === 'string' ? answer : JSON.stringify(answer)));
  const server = createServer((_, response) => response.end(left.shift())).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const storageOver = (content: Map<string, string>) => ({
  getItem: (key: string) => content.get(key),
  setItem: (key: string, value: string) => content.set(key, value),
  removeItem: (key: string) => content.delete(key),
});

describe.each([
  ['null', null],
  ['an empty object', {}],
  ['members of other types', { accessToken: 1, refreshToken: {}, expiresAt: 'soon' }],
  ['a page', '<html>Sign in to this network</html>'],
  ['half of an answer', '{"accessToken":"secret-1","refreshToken":secret-2'],
])('HTTP 200 with %s', (_, answer) => {
  it.each(Object.entries({ accessRefresh, longLivedToken, connectionLease, createCookieClient }))(
    'is no sign-in for %s, and nothing of it is in the error',
    async (__, createClient) => {
      const client = createClient({ url: await answering(answer) });
      const error = (await client.signIn('ann', 'password').catch((thrown: unknown) => thrown)) as AuthError;
      expect(error).toBeInstanceOf(AuthError);
      expect(error.code).toBe('failed');
      expect(error.cause).toBeUndefined();
      expect(client.connectOptions().auth).toEqual({ token: undefined });
    },
  );

  it('in the place of a renewal does not sign out', async () => {
    const client = accessRefresh({ url: await answering(pairOf('ann'), answer, pairOf('next')) });
    await client.signIn('ann', 'password');
    await expect(client.renew()).rejects.toMatchObject({ code: 'failed', action: 'retry' });
    expect(client.connectOptions().auth).toEqual({ token: 'ann-1' });
    expect(await client.renew()).toBe(true);
    expect(client.connectOptions().auth).toEqual({ token: 'next-1' });
  });
});

it.each(['another tab', 'the same tab'])('a WS token is not kept beside the tokens of a user of %s', async (tab) => {
  const storage = storageOver(new Map());
  const url = await answering(pairOf('ann'), pairOf('bob'));
  const first = longLivedToken({ url, storage });
  await first.signIn('ann', 'password');
  expect(first.connectOptions().auth).toEqual({ token: 'ann-1' });
  const second = tab === 'the same tab' ? first : longLivedToken({ url, storage });
  await second.signIn('bob', 'password');
  await first.accept?.({ wsToken: 'ann-3', expiresAt: 9e12 });
  expect(second.connectOptions().auth).toEqual({ token: 'bob-1' });
  await second.accept?.({ wsToken: 'bob-3', expiresAt: 9e12 });
  expect(second.connectOptions().auth).toEqual({ wsToken: 'bob-3' });
});

it.each([
  ['asks for no ack', () => {}, []],
  ['sends another value in the place of the ack', () => {}, [5]],
  ['sends what cannot be kept', () => Promise.reject(new Error('no room')), []],
])('a server that %s with auth:credential breaks nothing', async (_, accept, more) => {
  const { connect } = await treating([], (socket) => {
    socket.emit('auth:credential', {}, ...more);
    socket.on('say', (__, ack: Ack) => ack('said'));
  });
  const socket = await connect({ client: { accept } });
  expect(await socket.request('say', {})).toBe('said');
});

it.each([
  [null, undefined],
  [5, 'unavailable'],
  [{ code: 'constructor' }, 'unavailable'],
  [{ code: '__proto__' }, 'unavailable'],
  [{ code: ['expired'] }, 'unavailable'],
  [{ code: 'forbidden' }, 'forbidden'],
])('an ack with refused: %j is read as %s', async (refused, code) => {
  const { connect } = await treating([], (socket) => socket.on('say', (_, ack: Ack) => ack({ refused })));
  const socket = await connect();
  const outcome: unknown = await socket.request('say', {}).catch((error: unknown) => (error as AuthError).code);
  expect(outcome).toEqual(code ?? { refused });
});

it('a server that asks for a renewal on each new connection is not reconnected to without a pause', async () => {
  let connections = 0;
  const states: string[] = [];
  const { connect } = await treating([], (socket) => {
    connections += 1;
    socket.emit('auth:renew');
  });
  const socket = await connect({ onState: ({ name }) => states.push(name) });
  await until(() => states.includes('waiting') || connections > 10);
  const renewed = ['renewing', 'connecting', 'open'];
  expect(states).toEqual(['connecting', 'open', ...renewed, 'renewing', 'waiting']);
  expect(socket.counters).toMatchObject({ renewals: 2, reconnects: 1 });
});

it('a server that asks for one renewal after the other is heeded 60 times, and then once a second', async () => {
  let asked = 0;
  const { connect } = await treating([], (socket) => {
    socket.on('auth:renew', (_, ack: Ack) => ack({ credential: {} }));
    socket.on('again', (_, ack: Ack) => {
      socket.emit('auth:renew');
      ack({});
    });
  });
  const socket = await connect({ client: { renewal: () => ({ asked: (asked += 1) }) } });
  for (let prompts = 0; prompts < 200; prompts++) {
    await socket.request('again', {});
    await until(() => socket.state.name === 'open');
  }
  expect(asked).toBeGreaterThanOrEqual(60);
  expect(asked).toBeLessThan(100);
});

it.each([[{}], [{ extraHeaders: {} }], [{ extraHeaders: { 'x-client': 'b' } }]])(
  'the headers of the application are sent with each CONNECT of a client that has %j',
  async (headers) => {
    const seen: unknown[] = [];
    const { connect } = await treating([], ({ handshake }) => void seen.push(handshake.headers['x-application']));
    const client = { connectOptions: () => headers as { extraHeaders?: Record<string, string> } };
    const socket = await connect({ client, socket: { extraHeaders: { 'x-application': 'a' } } });
    socket.socket.io.engine.close();
    await until(() => socket.counters.reconnects === 1);
    expect(seen).toEqual(['a', 'a']);
  },
);
