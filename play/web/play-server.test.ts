import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { loadScenarios } from '../stage/scenario.ts';
import { Stage } from '../stage/stage.ts';
import { resultsOf } from './about.ts';
import { PlayServer } from './play-server.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A page without lanes, and what asks it. */
async function page() {
  const stage = await Stage.open({ entries: [], ttl: 10_000, connects: true });
  const scenarios = loadScenarios(root);
  const server = await PlayServer.listen({ stage, scenarios, root, host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await server.close();
    await stage.close();
  });
  return async (path: string, method = 'GET', headers: Record<string, string> = {}): Promise<IncomingMessage> => {
    const asked = request(server.url + path, { method, headers: { ...(method === 'POST' && { origin: server.url }), ...headers } });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return response;
  }; // prettier-ignore
}

it('the page lets no other script, style, frame or site in', async () => {
  const ask = await page();
  const response = await ask('/?scenario=logout');
  expect(response.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(response.headers['content-security-policy']).not.toContain('unsafe');
  expect(response.headers['access-control-allow-origin']).toBeUndefined();
  const html = await text(response);
  expect(html).not.toMatch(/<script(?! type="module" src)|<style| on\w+=| style=/);
  expect((await ask('/', 'GET', { host: 'evil.example' })).statusCode).toBe(421);
}); // prettier-ignore

it.each([
  ['/', 'GET', 200],
  ['/style.css', 'GET', 200],
  ['/code/page/page.client.js', 'GET', 200],
  ['/code/page/../../package.json', 'GET', 404],
  ['/code/page/tsconfig.json', 'GET', 404],
  ['/lane/nope', 'GET', 404],
  ['/act/ban', 'GET', 404],
  ['/act/ban', 'POST', 204],
  ['/act/nope', 'POST', 404],
  ['/scenario/nope', 'POST', 404],
])('%s by %s: %i', async (path, method, status) => {
  const ask = await page();
  expect((await ask(path, method)).statusCode).toBe(status);
});

it('a bounded number of pages can watch', async () => {
  const ask = await page();
  const watching = await Promise.all(Array.from({ length: 8 }, () => ask('/events')));
  expect(watching.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 8 }, () => 200));
  expect((await ask('/events')).statusCode).toBe(503);
  const gone = once(watching[0]!, 'close');
  watching[0]!.destroy();
  await gone;
  await expect.poll(async () => (await ask('/events')).statusCode).toBe(200);
});

it('the row of an entry is found in RESULTS.md, with the name of each column', () => {
  const table = '| Entry | At expiry | After a ban |\n| :-- | :-- | :-- |\n| `a` (hardened) | cut | ends |\n| `b` (peer) | goes on | x |\n\n';
  expect(resultsOf(table, { id: 'b', variant: null })).toEqual([
    ['At expiry', 'goes on'],
    ['After a ban', 'x'],
  ]);
  expect(resultsOf(table, { id: 'a', variant: 'as-published' })).toEqual([]);
  expect(resultsOf('nothing', { id: 'a', variant: null })).toEqual([]);
}); // prettier-ignore
