import { HttpException } from '@nestjs/common';
import { AuthError, StoreError } from '../errors.ts';
import { noticeOf } from '../refusals.ts';
import { type HttpResponse, nodeResponse, sendJson } from './platform.ts';
import { shapeOf, text } from '../shape.ts';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

const credentials = shapeOf<Credentials>({ username: text(1, 128), password: text(1, 1024) });

/** @throws AuthError `bad-message` */
export function readCredentials(body: unknown): Credentials {
  const read = credentials(body);
  if (read === undefined) throw new AuthError('bad-message');
  return read;
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

/**
 * Runs one endpoint and sends its answer as JSON. Nest does not send it: an interceptor of the application would see the tokens, and
 * could wrap the answer so that no client of the kit reads it.
 */
export async function answerJson(response: HttpResponse, endpoint: () => Promise<object>): Promise<void> {
  sendJson(response, await answer(response, endpoint));
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
