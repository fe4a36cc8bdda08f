import { AuthError } from './errors.ts';
import { type RefusalCode, refusals } from './refusals.ts';

/**
 * POSTs JSON.
 * @throws AuthError with the server's refusal code, `failed` where it gave none, `unavailable` where it did not answer
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
  const { code } = (await response.json().catch(() => ({}))) as { code?: string };
  throw new AuthError(code !== undefined && Object.hasOwn(refusals, code) ? (code as RefusalCode) : 'failed');
}
