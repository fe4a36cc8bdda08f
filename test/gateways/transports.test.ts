import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createConnection } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Limits, noLimits } from '../../gateways/options.ts';
import { until } from '../support/gate.ts';
import { TestServer, type TestServerOptions } from '../support/test-server.ts';
import { admitting } from '../support/test-strategy.ts';

const start = (limits: Partial<Limits>, options: TestServerOptions = {}) =>
  TestServer.start(admitting(), { limits: { ...noLimits, ...limits }, ...options });

/** The status and the body that the server refuses an upgrade with; undefined where it opens the transport. */
async function refusal(server: TestServer, headers: Record<string, string> = {}, query = ''): Promise<unknown> {
  const url = `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket${query}`;
  const socket = new WebSocket(url, { headers });
  onTestFinished(() => socket.terminate());
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('open', () => resolve(undefined));
    socket.once('unexpected-response', (_, response: IncomingMessage) => {
      response.once('data', (body: Buffer) => resolve({ status: response.statusCode, body: body.toString() }));
    });
  });
}

it('transports that have joined nothing are counted for their address, and give their place back', async () => {
  const server = await start({ transportsPerAddress: 2 });
  const [first] = await Promise.all([server.raw(), server.raw()]);
  expect(await refusal(server)).toEqual({ status: 429, body: 'too-many-connections' });
  expect(server.counters().refused).toEqual({ 'too-many-connections': 1 });
  first.close();
  await first.closed;
  let still: unknown = 'unknown';
  while (still !== undefined) still = await refusal(server);
});

it('another address has places of its own, as `addressOf` names it', async () => {
  const addressOf = ({ headers }: IncomingMessage) => String(headers['x-forwarded-for']);
  const server = await start({ transportsPerAddress: 1 }, { addressOf });
  expect(await refusal(server, { 'x-forwarded-for': '192.0.2.1' })).toBeUndefined();
  expect(await refusal(server, { 'x-forwarded-for': '192.0.2.2' })).toBeUndefined();
  expect(await refusal(server, { 'x-forwarded-for': '192.0.2.1' })).toMatchObject({ status: 429 });
});

it('addresses that `addressOf` fails to name share the places of one', async () => {
  const addressOf = (): string => {
    throw new Error('no address');
  };
  const server = await start({ transportsPerAddress: 1 }, { addressOf });
  expect(await refusal(server)).toBeUndefined();
  expect(await refusal(server)).toMatchObject({ status: 429 });
});

it('transports of all addresses together are bounded', async () => {
  const addressOf = ({ headers }: IncomingMessage) => String(headers['x-forwarded-for']);
  const server = await start({ transports: 1 }, { addressOf });
  expect(await refusal(server, { 'x-forwarded-for': '192.0.2.1' })).toBeUndefined();
  const other = { 'x-forwarded-for': '192.0.2.2' };
  expect(await refusal(server, other)).toEqual({ status: 503, body: 'too-many-connections' });
});

it('no second WebSocket opens onto a transport that is there', async () => {
  const server = await start({});
  const first = await server.raw();
  const open = await first.frame(/^0/);
  const { sid } = JSON.parse(open!.slice(1)) as { sid: string };
  expect(await refusal(server, {}, `&sid=${sid}`)).toEqual({ status: 400, body: 'already-connected' });
});

it('a refused upgrade is closed by the server, whatever the client does', async () => {
  const server = await start({ transports: 0 });
  const socket = createConnection({
    host: '127.0.0.1',
    port: Number(new URL(server.url).port),
    allowHalfOpen: true,
  });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {}).resume();
  const head = ['Host: x', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  socket.write(`GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`);
  await once(socket, 'end');
  const count = () =>
    new Promise<number>((resolve) => server.app.getHttpServer().getConnections((_: unknown, n: number) => resolve(n)));
  while ((await count()) > 0);
  expect(server.counters().refused).toEqual({ 'too-many-connections': 1 });
});

it('a transport that leaves its last namespace is closed unless it joins one in time', async () => {
  const server = await start({});
  const client = await server.raw();
  client.send('40/chat,{}');
  await client.frame(/^40\/chat/);
  client.send('41/chat,');
  await until(() => server.counters().open === 0);
  server.clock.advance(10_000);
  expect(await client.closes()).toBe(true);
});
