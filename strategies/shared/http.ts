import { HttpException } from '@nestjs/common';
import { z } from 'zod';
import { AuthError, StoreError } from './errors.ts';
import { noticeOf } from './refusals.ts';

const credentials = z.object({ username: z.string().min(1).max(128), password: z.string().min(1).max(1024) });

/** @throws AuthError `bad-message` */
export function readCredentials(body: unknown): z.infer<typeof credentials> {
  const parsed = credentials.safeParse(body);
  if (!parsed.success) throw new AuthError('bad-message');
  return parsed.data;
}

const statuses: Partial<Record<AuthError['code'], number>> = {
  'bad-message': 400,
  forbidden: 403,
  'account-unsupported': 403,
  banned: 403,
  unavailable: 503,
};

/** Runs one HTTP leg; a refusal becomes its status with the notice as body, and nothing of the request. */
export async function answer<T>(leg: () => Promise<T>): Promise<T> {
  try {
    return await leg();
  } catch (error) {
    throw httpError(error);
  }
}

export function httpError(error: unknown): unknown {
  if (!(error instanceof AuthError || error instanceof StoreError)) return error;
  const code = error instanceof StoreError ? 'unavailable' : error.code;
  return new HttpException(noticeOf(code), statuses[code] ?? 401);
}
