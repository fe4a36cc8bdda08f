import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { refusalOf } from '../../../harness/app/scenario.ts';
import { post } from './http-client.ts';

let over: AbortController;
beforeEach(() => {
  over = new AbortController();
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => (ms === 15_000 ? over.signal : AbortSignal.abort()));
});
afterEach(() => void vi.restoreAllMocks());
const timeIsOver = () => over.abort(new DOMException('The operation timed out', 'TimeoutError'));

/** A request whose answer arrives when it is told to; it fails as `fetch` does where its signal aborts. */
function pending() {
  let arrive!: () => void;
  const send = (_: unknown, init?: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      arrive = () => resolve(new Response('{}'));
      const { signal } = init ?? {};
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
    });
  return { answer: post('http://127.0.0.1:1/auth/refresh', {}, {}, send), arrive: () => arrive() };
}

it('waits 15 s for an answer', async () => {
  const { answer } = pending();
  timeIsOver();
  expect(await refusalOf(answer)).toBe('no-answer');
});

it('takes an answer that lies ready when its process was busy or asleep for longer than that', async () => {
  const { answer, arrive } = pending();
  timeIsOver();
  arrive();
  expect((await answer).status).toBe(200);
});
