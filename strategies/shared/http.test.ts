import type { HttpException } from '@nestjs/common';
import { expect, it } from 'vitest';
import { AuthError, StoreError } from './errors.ts';
import { httpError } from './http.ts';
import { noticeOf, type RefusalCode } from './refusals.ts';

it.each<[RefusalCode, number, Error]>([
  ['unavailable', 503, new StoreError('Redis did not answer in time')],
  ['unavailable', 503, new AuthError('unavailable')],
  ['bad-message', 400, new AuthError('bad-message')],
  ['banned', 403, new AuthError('banned')],
  ['revoked', 401, new AuthError('revoked')],
])('a refusal as %s is a status of %i and its notice', (code, status, error) => {
  const answered = httpError(error) as HttpException;
  expect(answered.getStatus()).toBe(status);
  expect(answered.getResponse()).toEqual(noticeOf(code));
});
