import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { until } from '../support/gate.ts';
import { TestServer } from '../support/test-server.ts';
import { admitting } from '../support/test-strategy.ts';

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
