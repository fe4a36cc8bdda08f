import { HttpException } from '@nestjs/common';
import { z } from 'zod';
import { AuthError, StoreError } from '../errors.ts';
import { noticeOf } from '../refusals.ts';
import { type HttpResponse, nodeResponse } from './platform.ts';

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
  'origin-refused': 403,
  'account-unsupported': 403,
  banned: 403,
  'too-many-attempts': 429,
  unavailable: 503,
};

/** In ms: for whoever is to come back when nobody knows when. */
const COME_BACK = 1000;

/** Runs one endpoint; a refusal becomes its status with the notice as body, and nothing of the request. */
export async function answer<T>(response: HttpResponse, endpoint: () => Promise<T>): Promise<T> {
  try {
    return await endpoint();
  } catch (error) {
    throw httpError(response, error);
  }
}

/** The HTTP error that a refusal is; `Retry-After` says in how many seconds it may pass, where it may. Others stay. */
export function httpError(response: HttpResponse, error: unknown): unknown {
  if (!(error instanceof AuthError || error instanceof StoreError)) return error;
  const { code, retryAfter = COME_BACK } = error instanceof AuthError ? error : new AuthError('unavailable');
  const status = statuses[code] ?? 401;
  if (status === 429 || status === 503) {
    nodeResponse(response).setHeader('Retry-After', Math.max(1, Math.ceil(retryAfter / 1000)));
  }
  return new HttpException(noticeOf(code), status);
}
