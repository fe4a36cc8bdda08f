import { AuthError, codeOf } from '../errors.ts';
import type { RefusalCode } from '../refusals.ts';

/**
 * POSTs JSON.
 * @throws AuthError with the server's refusal code and, where it says when to come back, `retryAfter` in ms; `failed` where
 * it gave no code, and `unavailable` where it did not answer, or is too busy to
 */
export async function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      credentials: 'include',
    });
  } catch (cause) {
    throw new AuthError('unavailable', { cause });
  }
  if (response.ok) return response;
  const { code } = ((await response.json().catch(() => undefined)) ?? {}) as { code?: string };
  throw new AuthError(codeOf(code, codeFor(response.status)), { retryAfter: retryAfterOf(response) });
}

/** The code of an answer without a notice, as a proxy gives it: some statuses mean that the request may succeed later. */
const codeFor = (status: number): RefusalCode => (status === 429 || status === 503 ? 'unavailable' : 'failed');

/** In ms, where the answer says it in seconds (RFC 9110 10.2.3); a date would need the server's clock. */
function retryAfterOf({ headers }: Response): number | undefined {
  const seconds = headers.get('retry-after');
  return seconds !== null && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
