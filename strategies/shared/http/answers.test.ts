import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { HttpException } from '@nestjs/common';
import { expect, it } from 'vitest';
import { AuthError, StoreError } from '../errors.ts';
import { httpError } from './answers.ts';
import { noticeOf, type RefusalCode } from '../refusals.ts';

it.each<[RefusalCode, number, Error, number?]>([
  ['unavailable', 503, new StoreError('Redis did not answer in time'), 1],
  ['unavailable', 503, new AuthError('unavailable'), 1],
  ['too-many-attempts', 429, new AuthError('too-many-attempts', { retryAfter: 1001 }), 2],
  ['account-unsupported', 403, new AuthError('account-unsupported')],
  ['origin-refused', 403, new AuthError('origin-refused')],
  ['bad-message', 400, new AuthError('bad-message')],
  ['banned', 403, new AuthError('banned')],
  ['revoked', 401, new AuthError('revoked')],
])('a refusal as %s is a status of %i and its notice', (code, status, error, retryAfter) => {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  const answered = httpError(response, error) as HttpException;
  expect(answered.getStatus()).toBe(status);
  expect(answered.getResponse()).toEqual(noticeOf(code));
  expect(response.getHeader('retry-after')).toBe(retryAfter);
});
