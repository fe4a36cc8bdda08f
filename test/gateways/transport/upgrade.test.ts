import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../support/gate.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

it.each<[string, Middleware]>([
  ['fails', (_request, _response, next) => next(new Error('store down'))],
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('store down');
    },
  ],
])('an upgrade middleware that %s makes the CONNECT unavailable, and never admits', async (_, upgradeMiddleware) => {
  const server = await TestServer.start(admitting({ upgradeMiddleware }));
  expect(await server.connect('/chat').answered).toBe('unavailable');
});

it('an upgrade middleware that never answers is waited for no longer than a decision', async () => {
  let asked = 0;
  const upgradeMiddleware = () => void (asked += 1);
  const server = await TestServer.start(admitting({ upgradeMiddleware }), { decisionTimeout: 1000 });
  const client = server.connect('/chat');
  await until(() => asked === 1);
  server.clock.advance(1000);
  expect(await client.answered).toBe('unavailable');
});

it('an upgrade middleware is not run for a foreign origin', async () => {
  const origins = ['https://app.example'];
  const asked: (string | undefined)[] = [];
  const upgradeMiddleware: Middleware = ({ headers }, _response, next) => {
    asked.push(headers.origin);
    next();
  };
  const server = await TestServer.start(admitting({ upgradeMiddleware }), { origins });
  const from = (origin: string) => server.connect('/chat', {}, { origin }).answered;
  expect(await from('https://evil.example')).toBeUndefined();
  expect(await from('https://app.example')).toBe('connected');
  expect(asked).toEqual(['https://app.example']);
});

it.each([
  ['a URL of more than 4 KiB', 414, `&x=${'y'.repeat(4096)}`, {}],
  ['more than 32 parameters', 400, Array.from({ length: 31 }, (_, index) => `&p${index}=`).join(''), {}],
  [
    'more than 100 headers',
    431,
    '',
    Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, '1'])),
  ],
])('an upgrade with %s is refused by HTTP %i', async (_, status, query, headers) => {
  const server = await TestServer.start(admitting());
  const answerTo = async (search: string, sent: Record<string, string>) => {
    const url = `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket${search}`;
    const socket = new WebSocket(url, { headers: sent });
    onTestFinished(() => socket.terminate());
    socket.on('error', () => {});
    return new Promise((resolve) => {
      socket.once('open', () => resolve('open'));
      socket.once('unexpected-response', (_request, response: IncomingMessage) => {
        response.once('data', (body: Buffer) => resolve([response.statusCode, body.toString()]));
      });
    });
  };
  expect(await answerTo(query, headers)).toEqual([status, 'bad-message']);
  expect(server.counters().refused).toEqual({ 'bad-message': 1 });
  // What apps and proxies send passes.
  expect(await answerTo('&room=a&version=2', { 'x-forwarded-for': '192.0.2.1' })).toBe('open');
});
