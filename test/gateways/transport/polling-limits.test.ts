import { once } from 'node:events';
import { createConnection } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { NotificationsGateway } from '../../../gateways/example/notifications.gateway.ts';
import { type Limits, noLimits } from '../../../gateways/options/limits.ts';
import { until } from '../../support/gate.ts';
import { Poller } from '../../support/poller.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

/** A server that allows long polling, with these limits alone. */
const start = (limits: Partial<Limits> = {}) =>
  TestServer.start(admitting(), { transports: ['polling', 'websocket'], limits: { ...noLimits, ...limits } });

it('a POST that is too large is refused, and too many packets in one end the transport', async () => {
  const server = await start({ packetsPerSecond: 300 });
  const large = await Poller.open(server.url);
  await large.join();
  expect(await large.post([`4${'x'.repeat(65_536)}`])).toEqual([413, '']);
  const many = await Poller.open(server.url);
  await many.join();
  await many.post(Array.from({ length: 257 }, () => '3'));
  expect(server.counters().cut).toEqual({ 'too-many-packets': 1 });
  expect((await many.post(['3']))[0]).toBe(400);
});

it('requests count among the packets of their transport', async () => {
  const server = await start({ packetsPerSecond: 10 });
  const poller = await Poller.open(server.url);
  await poller.join();
  const waiting = poller.get();
  let requests = 0;
  while (server.counters().open > 0) {
    await poller.post(['3']);
    requests += 1;
  }
  // A burst of 100 passes, and a request counts in addition to its packet.
  expect(requests).toBeLessThan(60);
  expect(server.counters().cut).toEqual({ 'too-many-packets': 1 });
  expect(await waiting).toEqual([200, expect.stringContaining('auth:cut')]);
  expect((await poller.get())[0]).toBe(400);
});

it('a CONNECT that is too large, and an attachment, end the transport', async () => {
  const server = await start({ connectBytes: 100 });
  const large = await Poller.open(server.url);
  await large.post([`40/chat,{"x":"${'x'.repeat(100)}"}`]);
  expect(server.counters().refused).toEqual({ 'bad-message': 1 });
  const attaching = await Poller.open(server.url);
  await attaching.join();
  await attaching.post(['451-/chat,["sendMessage",{"_placeholder":true,"num":0}]']);
  expect(server.counters().cut).toEqual({ 'bad-message': 1 });
});

it('a transport that is being closed takes no POST, and the next GET tells why', async () => {
  const server = await start();
  const poller = await Poller.open(server.url);
  await poller.post(['40/chat,{"room":"of someone else"}']);
  await until(() => server.counters().cut.forbidden === 1);
  expect(await poller.post(['3'])).toEqual([400, 'reconnect-required']);
  expect(await poller.get()).toContainEqual(expect.stringContaining('"code":"forbidden"'));
});

/** A transport whose user is sent notifications. */
async function subscribed(server: TestServer): Promise<Poller> {
  const poller = await Poller.open(server.url);
  await poller.post(['40/notifications,{}']);
  await poller.get();
  await poller.post(['42/notifications,1["subscribe-to-notifications",{}]']);
  await poller.get();
  return poller;
}

it('a client that asks for nothing is cut once too much waits for it', async () => {
  const server = await start({ unsentBytes: 10_000 });
  await subscribed(server);
  while (server.counters().open > 0) {
    server.app.get(NotificationsGateway).push('ann', 'x'.repeat(1000));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(server.counters().cut).toEqual({ 'too-slow': 1 });
});

it('a client that asks on one connection after the other, and reads none, is cut too', async () => {
  const server = await start({ unsentBytes: 8_000_000 });
  const { url } = await subscribed(server);
  const { port, pathname, search } = new URL(url);
  const gateway = server.app.get(NotificationsGateway);
  while (server.counters().open > 0) {
    const socket = createConnection({ host: '127.0.0.1', port: Number(port) });
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\n\r\n`);
    gateway.push('ann', 'x'.repeat(4_000_000));
    // The answer has begun. This reads its first 64 KiB at most.
    await once(socket, 'readable');
  }
  expect(server.counters().cut).toEqual({ 'too-slow': 1 });
});

it('packets of a WebSocket that asks to take over count from the first one', async () => {
  const server = await start({ packetsPerSecond: 10 });
  const poller = await Poller.open(server.url);
  await poller.join();
  const webSocket = new WebSocket(poller.webSocketUrl);
  onTestFinished(() => webSocket.terminate());
  webSocket.on('error', () => {});
  await once(webSocket, 'open');
  for (let packet = 0; packet < 200; packet++) webSocket.send('2probe');
  await once(webSocket, 'close');
  expect(server.counters().cut).toEqual({ 'too-many-packets': 1 });
});
