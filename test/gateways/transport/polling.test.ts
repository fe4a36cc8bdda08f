import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { Logger } from '@nestjs/common';
import { io } from 'socket.io-client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Limits, noLimits } from '../../../gateways/options/limits.ts';
import { noticeOf, type RefusalNotice } from '../../../strategies/strategy.ts';
import { until } from '../../support/gate.ts';
import { Poller } from '../../support/poller.ts';
import { TestServer, type TestServerOptions } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

const page = 'https://app.example';
const foreign = { origin: 'https://evil.example' };

/** A plain client with the defaults of its library, except for what is given. */
function client(server: TestServer, options: Parameters<typeof io>[1] = {}) {
  const socket = io(`${server.url}/chat`, { forceNew: true, reconnection: false, ...options });
  onTestFinished(() => void socket.disconnect());
  return socket;
}

describe('where polling is off', () => {
  it('a client that polls first is told to use WebSockets, and the log says it once', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    const server = await TestServer.start(admitting());
    for (let time = 0; time < 3; time++) {
      // The library empties its request right after this event.
      const text = await new Promise<string>((resolve) =>
        client(server).once('connect_error', (error) =>
          resolve((error as unknown as { context: { responseText: string } }).context.responseText),
        ),
      );
      const notice = JSON.parse(text) as RefusalNotice;
      expect(notice).toEqual(noticeOf('transport-unsupported'));
      expect(notice.message).toContain('transports: ["websocket"]');
    }
    expect(server.counters().refused).toEqual({ 'transport-unsupported': 3 });
    const told = warn.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('long polling'));
    expect(told).toEqual([expect.stringContaining("transports: ['websocket']")]);
  });

  it('a page that may connect can read the answer, and no other page can', async () => {
    const server = await TestServer.start(admitting(), { origins: [page] });
    const poll = (headers: Record<string, string>) =>
      fetch(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers });
    const allowed = await poll({ origin: page });
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([400, page]);
    const refused = await poll(foreign);
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });
});

describe('where polling is on', () => {
  const start = (limits: Partial<Limits> = {}, options: TestServerOptions = {}, authenticator = admitting()) =>
    TestServer.start(authenticator, {
      transports: ['polling', 'websocket'],
      limits: { ...noLimits, ...limits },
      ...options,
    });

  it('a client with the defaults of its library polls, changes to a WebSocket, and takes one place', async () => {
    const server = await start({ transportsPerAddress: 2 });
    const socket = client(server);
    const names: string[] = [];
    socket.io.once('open', () => names.push(socket.io.engine.transport.name));
    await new Promise<void>((resolve) => socket.io.once('open', resolve));
    await new Promise((resolve) => socket.io.engine.once('upgrade', resolve));
    expect([...names, socket.io.engine.transport.name]).toEqual(['polling', 'websocket']);
    expect(await socket.emitWithAck('sendMessage', { text: 'hello' })).toMatchObject({ text: 'hello' });
    await Poller.open(server.url);
    expect((await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`)).status).toBe(429);
  });

  it('a client that only polls is served, and is told why it is cut', async () => {
    const server = await start();
    const socket = client(server, { transports: ['polling'], auth: { room: 'of someone else' } });
    const cut = await new Promise((resolve) => socket.once('auth:cut', resolve));
    expect(cut).toEqual(noticeOf('forbidden'));
    await until(() => !socket.connected);
    const other = client(server, { transports: ['polling'] });
    expect(await other.emitWithAck('sendMessage', { text: 'hello' })).toMatchObject({ text: 'hello' });
  });

  it('each request of a foreign page is refused, and only pages on the list may read', async () => {
    const server = await start({}, { origins: [page] });
    const poller = await Poller.open(server.url, { origin: page });
    expect(await poller.get(foreign)).toEqual([403, 'origin-refused']);
    expect(await poller.post(['40/chat,{}'], foreign)).toEqual([403, 'origin-refused']);
    const preflight = (origin: string) =>
      fetch(poller.url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    expect((await preflight(page)).headers.get('access-control-allow-origin')).toBe(page);
    expect((await preflight(foreign.origin)).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('a request without Origin that another site causes is refused, and so is JSONP', async () => {
    const server = await start();
    const poll = async (query = '', headers = {}) =>
      (await fetch(`${server.url}/socket.io/?EIO=4&transport=polling${query}`, { headers })).status;
    // `fetch` would not send this header.
    const caused = (site: string) =>
      new Promise((resolve) =>
        httpRequest(`${server.url}/socket.io/?EIO=4&transport=polling`, { headers: { 'sec-fetch-site': site } })
          .once('response', ({ statusCode }) => resolve(statusCode))
          .end(),
      );
    expect(await caused('cross-site')).toBe(403);
    expect(await caused('same-site')).toBe(403);
    expect(await caused('same-origin')).toBe(200);
    expect(await poll('&j=0')).toBe(400);
    expect(await poll()).toBe(200);
  });

  it('the id in the URL is worth nothing from another address', async () => {
    const addressOf = ({ headers }: { headers: NodeJS.Dict<string | string[]> }) => String(headers['x-address']);
    const server = await start({}, { addressOf });
    const poller = await Poller.open(server.url, { 'x-address': '192.0.2.1' });
    expect(await poller.post(['40/chat,{}'], { 'x-address': '192.0.2.2' })).toEqual([400, 'reconnect-required']);
    expect(await poller.post(['40/chat,{}'], { 'x-address': '192.0.2.1' })).toEqual([200, 'ok']);
  });

  it('no WebSocket takes the place of a WebSocket, and every request is answered', async () => {
    const server = await start();
    const first = await server.raw();
    const { sid } = JSON.parse((await first.frame(/^0/))!.slice(1)) as { sid: string };
    const second = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket&sid=${sid}`);
    onTestFinished(() => second.terminate());
    second.on('error', () => {});
    const [, response] = (await once(second, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(400);
    const plain = await fetch(`${server.url}/socket.io/?EIO=4&transport=websocket&sid=${sid}`);
    expect([plain.status, await plain.text()]).toEqual([400, 'already-connected']);
    const poller = await Poller.open(server.url);
    const other = await fetch(poller.url.replace('transport=polling', 'transport=websocket'));
    expect([other.status, await other.text()]).toEqual([400, 'bad-message']);
  });

  it('the strategy reads the request that opens the transport, and not those that follow', async () => {
    let read = 0;
    const upgradeMiddleware = (_request: unknown, _response: unknown, next: () => void) => {
      read += 1;
      next();
    };
    const server = await start({}, {}, admitting({ upgradeMiddleware }));
    const poller = await Poller.open(server.url);
    expect(await poller.join()).toMatch(/^40\/chat/);
    expect(read).toBe(1);
  });
});
