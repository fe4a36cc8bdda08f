import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Scenario } from '../../../harness/app/scenario.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { loadStrategy } from '../../registry.ts';
import { noticeOf } from '../../strategy.ts';
import { rules } from './endpoint-rules.ts';

/** Spellings of one path, which some routers take for the same. A URL object would change them before they are sent. */
const spellings = [
  '/auth/login',
  '/auth/%6Cogin',
  '/%61uth/login',
  '/auth/login#x',
  '/auth/login;x',
  '//auth/login',
  '/auth//login',
  '/auth/login/',
  '/auth/login//',
  '/AUTH/login',
  'http://other.example/auth/%6Cogin',
];

const loose = {
  ignoreDuplicateSlashes: true,
  ignoreTrailingSlash: true,
  caseSensitive: false,
  useSemicolonDelimiter: true,
};
const platforms = {
  Express: () => new ExpressAdapter(),
  Fastify: () => new FastifyAdapter(),
  'Fastify with loose paths': () => new FastifyAdapter({ routerOptions: loose }),
};

describe.each(Object.entries(platforms))('on %s', (_, platform) => {
  async function start() {
    const scenario = await Scenario.start(await loadStrategy('connection-lease'), 'hardened', { platform });
    onTestFinished(() => scenario.dispose());
    const { port } = new URL(scenario.app.url);
    const post = async (path: string, type: string, body: string) => {
      const headers = { 'content-type': type };
      const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }).end(body);
      const [answer] = (await once(sent, 'response')) as [IncomingMessage];
      const { statusCode: status, headers: got } = answer;
      return { status, cache: got['cache-control'], body: (await answer.toArray()).join('') };
    };
    return { post, user: await scenario.user() };
  }

  it('no other spelling of its path leads past the rules of an endpoint', async () => {
    const { post, user } = await start();
    const { username, password } = user;
    for (const path of spellings) {
      for (const type of ['application/x-www-form-urlencoded', 'text/plain']) {
        const form = await post(path, type, String(new URLSearchParams({ username, password })));
        expect([path, form.status]).toEqual([path, form.status === 404 ? 404 : 415]);
      }
      const { status, cache } = await post(path, 'application/json', JSON.stringify({ username, password }));
      // A path that no route has may be kept by caches.
      expect([path, status, status === 404 || cache]).toEqual([
        path,
        status === 404 ? 404 : 200,
        status === 404 || 'no-store',
      ]);
    }
  });

  it('a body may have members of any name, and the answer is that of the endpoint', async () => {
    const { post, user } = await start();
    const { username, password } = user;
    const own = JSON.stringify({ username, password }).slice(1);
    const wrong = `"username":"${username}"}`;
    for (const odd of ['"__proto__":{"username":"x"}', '"constructor":{"prototype":{"username":"x"}}']) {
      expect((await post('/auth/login', 'application/json', `{${odd},${own}`)).status).toBe(200);
      const refused = await post('/auth/login', 'application/json', `{${odd},${wrong}`);
      expect(refused.status).toBe(400);
      expect(JSON.parse(refused.body)).toEqual(noticeOf('bad-message'));
    }
  });
});

it('Fastify gets a body in bytes, because Fastify 4 joins them and a text would end the process', async () => {
  type Hook = (...parameters: readonly object[]) => Promise<AsyncIterable<unknown>>;
  const hooks: Hook[] = [];
  const fastify = { addHook: (_: string, hook: Hook) => hooks.push(hook) };
  rules.fastify({ getInstance: () => fastify } as never, () => true, new ManualClock());
  const raw = { headers: { 'content-type': 'application/json' }, body: { username: 'ann' } };
  const login = { method: 'POST', url: '/auth/login', routeOptions: {}, raw };
  const body = await hooks[0]!(login, { raw: { setHeader: () => {} } }, {});
  const chunks: unknown[] = [];
  for await (const chunk of body) chunks.push(chunk);
  expect(chunks).toEqual([Buffer.from('{"username":"ann"}')]);
});
