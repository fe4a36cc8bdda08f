import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Scenario } from '../../../harness/app/scenario.ts';
import { loadStrategies, loadStrategy } from '../../registry.ts';
import { noticeOf } from '../../strategy.ts';

const CANARY = 'canary-5b1e';
const PAGE = 'https://app.example';
const json = { 'content-type': 'application/json' };

interface Platform {
  readonly name: string;
  readonly platform: () => ExpressAdapter | FastifyAdapter;
  /** Trusts the headers of a proxy. */
  readonly trust: (app: INestApplication) => void;
}

const platforms: readonly Platform[] = [
  {
    name: 'Express',
    platform: () => new ExpressAdapter(),
    trust: (app) => (app as NestExpressApplication).set('trust proxy', 1),
  },
  { name: 'Fastify', platform: () => new FastifyAdapter({ trustProxy: true }), trust: () => {} },
];

const endpoints = (await loadStrategies())
  .filter(({ role }) => role === 'strategy')
  .flatMap(({ id, httpEndpoints }) => [
    ...[...httpEndpoints, 'logout'].map((name) => [id, `/auth/${name}`] as const),
    ...(id.includes('lease')
      ? ['login', 'refresh', 'logout'].map((name) => [id, `/auth/cookie/${name}`] as const)
      : []),
  ]);

describe.each(platforms)('on $name', ({ platform, trust }) => {
  async function start(id: string, options = {}) {
    const scenario = await Scenario.start(await loadStrategy(id), 'hardened', { platform, ...options });
    onTestFinished(() => scenario.dispose());
    const send = (path: string, body: string | Uint8Array, headers: Record<string, string> = json) =>
      fetch(`${scenario.app.url}${path}`, { method: 'POST', headers, body });
    return { scenario, send };
  }

  describe.each(endpoints)('%s, %s', (id, path) => {
    it('takes one small JSON object, and quotes nothing of what it refuses', async () => {
      const { send } = await start(id);
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const refused: readonly [number, string | Uint8Array, Record<string, string>?][] = [
        [400, `{"username":"${CANARY}`],
        [400, `"${CANARY}"`],
        [400, `["${CANARY}"]`],
        [400, 'null'],
        [400, new Uint8Array([0x22, 0xff, 0x22])],
        [413, JSON.stringify({ username: CANARY, padding: 'x'.repeat(16 * 1024) })],
        [415, `username=${CANARY}`, form],
        [415, JSON.stringify({ username: CANARY }), { 'content-type': 'text/plain' }],
        [415, JSON.stringify({ username: CANARY }), { 'content-type': 'application/json; charset=utf-16' }],
        [415, JSON.stringify({ username: CANARY }), { ...json, 'content-encoding': 'gzip' }],
      ];
      for (const [status, body, headers] of refused) {
        const answer = await send(path, body, headers);
        expect(answer.status).toBe(status);
        expect(JSON.parse(await answer.text())).toEqual(noticeOf('bad-message'));
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
    });

    it('lets no cache keep its answers, those of refusals included', async () => {
      const { scenario, send } = await start(id);
      const { username, password } = await scenario.user();
      for (const body of [{ username, password }, { username, password: 'wrong' }, {}]) {
        const answer = await send(path, JSON.stringify(body));
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(answer.headers.get('pragma')).toBe('no-cache');
      }
    });
  });

  it('a body that does not say how long it is, is refused once it is too long', async () => {
    const { scenario } = await start('access-refresh');
    const status = await new Promise((resolve, reject) => {
      const post = httpRequest(`${scenario.app.url}/auth/login`, { method: 'POST', headers: json }, (answer) =>
        resolve(answer.statusCode),
      );
      post.on('error', reject);
      // Never ended: what is over the limit is enough.
      post.write(`{"padding":"${'x'.repeat(20 * 1024)}`);
      onTestFinished(() => void post.destroy());
    });
    expect(status).toBe(413);
  });

  it('a body that is sent in half is waited for 10 s, and no longer', async () => {
    const { scenario } = await start('access-refresh');
    const socket = connect(Number(new URL(scenario.app.url).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    const closed = once(socket, 'close');
    const head = [
      'POST /auth/login HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      'Content-Length: 100',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n{"username":"ann`);
    const timers = vi.spyOn(scenario.clock, 'schedule');
    await vi.waitUntil(() => timers.mock.calls.some(([ms]) => ms === 10_000));
    scenario.clock.advance(9999);
    await scenario.roundTrip();
    expect(heard).toBe('');
    scenario.clock.advance(1);
    await closed;
    expect(heard).toMatch(/^HTTP\/1.1 408 [^]*connection: close/i);
    expect(heard).toContain(JSON.stringify(noticeOf('too-slow')));
  });

  it('what holds for the endpoints holds behind a prefix, and for no other route', async () => {
    const { app } = (await start('access-refresh')).scenario;
    const other = await fetch(`${app.url}/elsewhere`, { method: 'POST', body: '{', headers: json });
    expect(other.headers.get('cache-control')).toBeNull();
    const behind = await fetch(`${app.url}/api/v1/auth/login`, { method: 'POST', body: '{', headers: json });
    expect(await behind.json()).toEqual(noticeOf('bad-message'));
  });

  describe('cookies', () => {
    const strategies = [
      ['session', '/auth', 'sid'],
      ['connection-lease', '/auth/cookie', 'lease'],
    ] as const;
    const tls: readonly (readonly [string, (host: string) => Record<string, string>])[] = [
      ['a proxy that is trusted', () => ({ 'x-forwarded-proto': 'https' })],
      ['the page that sent it', (host) => ({ origin: `https://${host}` })],
      ['the cookie that came with it', () => ({ cookie: '__Host-sid=stale; __Host-lease=stale' })],
    ];

    async function startBehindProxy(id: string) {
      const { scenario, send } = await start(id, { origins: [PAGE] });
      trust(scenario.app.app);
      const { username, password } = await scenario.user();
      const { host } = new URL(scenario.app.url);
      const login = async (path: string, headers: Record<string, string> = {}) => {
        const answer = await send(`${path}/login`, JSON.stringify({ username, password }), { ...json, ...headers });
        expect(answer.ok).toBe(true);
        return answer.headers.getSetCookie()[0] ?? '';
      };
      return { scenario, send, host, login };
    }

    const pairOf = (set: string) => set.split(';', 1)[0]!;

    it.each(strategies.flatMap((strategy) => tls.map(([by, headers]) => [by, ...strategy, headers] as const)))(
      'over TLS, as told by %s, the cookie of %s is a __Host- one',
      async (_, id, path, name, headersFor) => {
        const { login, host } = await startBehindProxy(id);
        const attributes = (await login(path, headersFor(host))).split('; ');
        expect(attributes[0]).toMatch(new RegExp(`^__Host-${name}=`));
        expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'Secure', 'HttpOnly']));
        expect(attributes.some((attribute) => /^domain/i.test(attribute))).toBe(false);
      },
    );

    it.each(strategies)('%s: without TLS its cookie has the plain name', async (id, path, name) => {
      const { login } = await startBehindProxy(id);
      const attributes = (await login(path)).split('; ');
      expect(attributes[0]).toMatch(new RegExp(`^${name}=`));
      expect(attributes).not.toContain('Secure');
    });

    it('session: a plain cookie, as a sibling domain can plant it, opens no connection of a page of https', async () => {
      const { scenario, login } = await startBehindProxy('session');
      scenario.clock.advance(1);
      const plain = pairOf(await login('/auth'));
      const own = pairOf(await login('/auth', { origin: PAGE }));
      const answerTo = async (headers: Record<string, string>) => {
        const transport = await scenario.raw({ extraHeaders: headers });
        transport.send('40/chat,{}');
        return (await transport.frame(/^4[04]/))?.slice(0, 2);
      };
      expect(await answerTo({ cookie: plain })).toBe('40');
      expect(await answerTo({ cookie: own })).toBe('40');
      expect(await answerTo({ cookie: plain, origin: PAGE })).toBe('44');
      expect(await answerTo({ cookie: `${plain}; ${own}`, origin: PAGE })).toBe('40');
    });

    it('connection-lease: a plain cookie, as a sibling domain can plant it, renews nothing over TLS', async () => {
      const { send, login, host } = await startBehindProxy('connection-lease');
      const secure = { 'x-forwarded-proto': 'https' };
      const plain = pairOf(await login('/auth/cookie'));
      const own = pairOf(await login('/auth/cookie', { origin: `https://${host}` }));
      const refresh = async (cookie: string) =>
        (await send('/auth/cookie/refresh', '{}', { ...json, ...secure, cookie })).status;
      expect(await refresh(plain)).toBe(401);
      expect(await refresh(`${plain}; ${own}`)).toBe(200);
    });

    it.each(strategies)('%s: over TLS a page of plain http is another origin', async (id, path) => {
      const { send, host, login } = await startBehindProxy(id);
      const secure = { ...json, 'x-forwarded-proto': 'https' };
      const cookie = pairOf(await login(path, secure));
      const logout = (origin: string) => send(`${path}/logout`, '{}', { ...secure, cookie, origin });
      const refused = await logout(`http://${host}`);
      expect(await refused.json()).toEqual(noticeOf('origin-refused'));
      expect((await logout(`https://${host}`)).status).toBe(204);
    });

    it.each(strategies)('%s: a page of another origin can use none of the endpoints', async (id, path) => {
      const origins = ['https://listed.example'];
      const { scenario, send } = await start(id, { origins });
      const { host } = new URL(scenario.app.url);
      const { username, password } = await scenario.user();
      const signIn = await send(`${path}/login`, JSON.stringify({ username, password }));
      const cookie = pairOf(signIn.headers.getSetCookie()[0] ?? '');
      for (const origin of ['https://sibling.example', `http://${host}.example`, 'null', `http://user@${host}x`]) {
        for (const name of ['login', 'logout']) {
          const body = JSON.stringify({ username, password });
          const answer = await send(`${path}/${name}`, body, { ...json, cookie, origin });
          expect(answer.status).toBe(403);
          expect(await answer.json()).toEqual(noticeOf('origin-refused'));
          expect(answer.headers.getSetCookie()).toEqual([]);
        }
      }
      const own = await send(`${path}/logout`, '{}', { ...json, cookie, origin: `http://${host}` });
      expect(own.status).toBe(204);
    });
  });
});
