import { AuthError, refusalOf } from '../errors.ts';
import type { RefusalCode } from '../refusals.ts';
import { answers, isForeign } from './browser.ts';
import { ConnectionError, failureOf } from './failures.ts';

export type Headers = Readonly<Record<string, string>>;

/** In ms: longer than the server lets a refresh take, and with a back-off shorter than its grace for lost answers. */
const LONGEST = 15_000;

/**
 * POSTs JSON.
 * @throws AuthError with the server's refusal code and, where it says when to come back, `retryAfter` in ms; `failed` where
 * it gave no code, and `unavailable` where it is too busy to. ConnectionError where no answer came
 */
export async function post(url: string, body: object, headers: Headers = {}, send = fetch): Promise<Response> {
  const over = new AbortController();
  const wait = AbortSignal.timeout?.(LONGEST);
  // If this process was busy or asleep, the answer may lie ready, and is read first.
  wait?.addEventListener('abort', () => setTimeout(() => over.abort(wait.reason)));
  let response: Response;
  try {
    response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      credentials: 'include',
      signal: over.signal,
    });
  } catch (cause) {
    throw await whyNot(url, cause);
  }
  if (response.ok) return response;
  const notice: unknown = await response.json().catch(() => undefined);
  throw refusalOf(notice, { fallback: codeFor(response.status), retryAfter: retryAfterOf(response) });
}

/** The JSON of an answer. @throws AuthError `failed` if it is none; AuthError or ConnectionError if it did not arrive */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    // The parser's error would quote the answer, which may hold a token.
    throw (error as Error).name === 'SyntaxError' ? new AuthError('failed') : failureOf(error);
  }
}

async function whyNot(url: string, cause: unknown): Promise<ConnectionError> {
  if ((cause as Error).name === 'TimeoutError') return new ConnectionError('no-answer', { cause });
  const refused = isForeign(url) && (await answers(url));
  return new ConnectionError(refused ? 'origin-or-cors-refused' : 'server-unreachable', { cause });
}

/**
 * The cookie that an answer sets, as a later request sends it, with its attributes; undefined in a browser, which keeps it
 * out of reach and sends it by itself.
 */
export function cookieSetBy({
  headers,
}: Response): { readonly cookie: string; readonly attributes: string } | undefined {
  const [set] = headers.getSetCookie?.() ?? [];
  if (set === undefined) return undefined;
  const [cookie = '', ...attributes] = set.split(';');
  return { cookie, attributes: attributes.join(';') };
}

/** The code of an answer without a notice, as a proxy gives it: some statuses mean that the request may succeed later. */
const codeFor = (status: number): RefusalCode => (status === 429 || status === 503 ? 'unavailable' : 'failed');

/** In ms, where the answer says it in seconds (RFC 9110 10.2.3); a date would need the server's clock. */
function retryAfterOf({ headers }: Response): number | undefined {
  const seconds = headers.get('retry-after');
  return seconds !== null && /^\d{1,9}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
