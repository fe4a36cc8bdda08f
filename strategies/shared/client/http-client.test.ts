import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { AuthError } from '../errors.ts';
import { post } from './http-client.ts';
import { noticeOf, type RefusalCode, refusals } from '../refusals.ts';

/** What a client makes of one answer. */
async function madeOf(status: number, body: string, headers: Record<string, string> = {}): Promise<AuthError> {
  const server = createServer((_, response) => response.writeHead(status, headers).end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const error: unknown = await post(url, {}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AuthError);
  return error as AuthError;
}

it.each(Object.keys(refusals) as RefusalCode[])('%s is understood from its notice', async (code) => {
  expect((await madeOf(429, JSON.stringify(noticeOf(code)))).code).toBe(code);
});

it.each([
  ['900', 900_000],
  ['0', 0],
  ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
  ['-1', undefined],
  ['99999999999', undefined],
])('Retry-After: %s is %s ms', async (retryAfter, ms) => {
  const error = await madeOf(429, JSON.stringify(noticeOf('too-many-attempts')), { 'retry-after': retryAfter });
  expect(error).toMatchObject({ code: 'too-many-attempts', retryAfter: ms });
});

it.each<[number, string, RefusalCode]>([
  [503, '<html>busy</html>', 'unavailable'],
  [429, '', 'unavailable'],
  [502, 'null', 'failed'],
  [500, '{"code":"no-such-code"}', 'failed'],
  [503, '{"code":"__proto__"}', 'unavailable'],
])('an answer of %i with the body %s is %s', async (status, body, code) => {
  expect((await madeOf(status, body)).code).toBe(code);
});
