import { once } from 'node:events';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { createConnection } from 'node:net';
import { WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Namespace } from 'socket.io';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Limits, noLimits } from '../../../gateways/options/limits.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import type { Handshake, AuthDecision } from '../../../strategies/strategy.ts';
import { gate, until } from '../../support/gate.ts';
import { TestServer, type TestServerOptions } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

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

/** Resolves once the server has closed all its network connections, and noticed. */
async function allClosed(server: TestServer): Promise<void> {
  const http = server.app.getHttpServer() as HttpServer;
  const count = () => new Promise<number>((resolve) => http.getConnections((_, open) => resolve(open)));
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  while ((await count()) > 0) await turn();
  // The server counts a connection out before it tells of its close.
  await turn();
  await turn();
}

it('transports are counted for their address, and one that had joined gives its place back as it closes', async () => {
  const server = await start({ transportsPerAddress: 1 });
  const first = await server.raw();
  first.send('40/chat,{}');
  await first.frame(/^40\/chat/);
  expect(await refusal(server)).toEqual({ status: 429, body: 'too-many-connections' });
  expect(server.counters().refused).toEqual({ 'too-many-connections': 1 });
  first.close();
  await allClosed(server);
  expect(await refusal(server)).toBeUndefined();
});

it.each([
  ['that joined nothing', noLimits, []],
  ['that sent too many CONNECTs', { connectsPerTransport: 1 }, ['40/presence,{}']],
  ['that was ended for flooding', { packetsPerSecond: 1 }, Array.from({ length: 20 }, () => '43/chat,7[]')],
])('the place of a transport %s is kept for ten to twenty seconds', async (_, limits, frames) => {
  const server = await start({ ...limits, transportsPerAddress: 1 });
  const client = await server.raw();
  if (frames.length > 0) {
    client.send('40/chat,{}');
    await client.frame(/^40\/chat/);
  }
  client.send(...frames);
  client.close();
  await allClosed(server);
  server.clock.advance(9999);
  expect(await refusal(server)).toMatchObject({ status: 429 });
  server.clock.advance(10_001);
  expect(await refusal(server)).toBeUndefined();
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

/** Sends the same GET so many times in one write on one network connection; answers the statuses once all are there. */
async function pipelined(server: TestServer, times: number, query: string, ...headers: string[]): Promise<string[]> {
  const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('error', () => {}).on('data', (data: Buffer) => (text += data.toString()));
  const statuses = () => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status!);
  socket.write(
    `GET /socket.io/?EIO=4&${query} HTTP/1.1\r\n${['Host: x', ...headers].join('\r\n')}\r\n\r\n`.repeat(times),
  );
  await until(() => statuses().length === times);
  return statuses();
}

it('a plain request takes no place, though it names a protocol to upgrade to', async () => {
  const server = await start({ transportsPerAddress: 1 });
  const statuses = await pipelined(server, 20, 'transport=websocket', 'Upgrade: websocket');
  expect(new Set(statuses)).toEqual(new Set(['400']));
  expect(server.counters().refused).toEqual({});
  expect(await refusal(server)).toBeUndefined();
});

@WebSocketGateway({ namespace: '/polled' })
class PollingGateway extends WsManager {
  @WebSocketServer() readonly namespace!: Namespace;
}

describe('where an app allows long polling', () => {
  const polled = (authenticator = admitting()) =>
    TestServer.start(authenticator, {
      gateways: [PollingGateway],
      transports: ['polling', 'websocket'],
      limits: { ...noLimits, transportsPerAddress: 3 },
    });
  const engineOf = (server: TestServer) => server.app.get(PollingGateway).namespace.server.engine;

  it.each(['transport=polling', 'transport=polling&sid='])(
    'handshakes that arrive at once by %s open no more transports than the limit',
    async (query) => {
      const server = await polled();
      const statuses = await pipelined(server, 20, query);
      expect(statuses.filter((status) => status === '200')).toHaveLength(3);
      expect(statuses.filter((status) => status === '429')).toHaveLength(17);
      expect(engineOf(server).clientsCount).toBe(3);
    },
  );

  it('a handshake that opens no transport gives its place back as it is answered', async () => {
    const server = await polled();
    // Engine.IO refuses version 3 of its protocol.
    for (let time = 0; time < 3; time++) {
      expect(await pipelined(server, 3, 'transport=polling&EIO=3')).toEqual(['400', '400', '400']);
    }
  });

  it('a handshake whose client leaves before it is read opens no transport, and gives its place back', async () => {
    const asked = gate();
    const read = gate();
    const upgradeMiddleware = (_request: unknown, _response: unknown, next: () => void) => {
      asked.open();
      void read.passed.then(next);
    };
    const server = await polled(admitting({ upgradeMiddleware }));
    const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(server.url).port) });
    socket.write('GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n');
    await asked.passed;
    socket.destroy();
    await allClosed(server);
    const opened = once(engineOf(server), 'connection');
    read.open();
    await opened;
    await until(() => engineOf(server).clientsCount === 0);
    expect(await pipelined(server, 3, 'transport=polling')).toEqual(['200', '200', '200']);
  });
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
  await allClosed(server);
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

it('a CONNECT that is being decided on meanwhile does not keep it open once it is refused', async () => {
  const decision = gate<AuthDecision>();
  const authenticate = ({ auth }: Handshake) => {
    const { slow } = auth as { slow?: boolean };
    return slow ? decision.passed : { admitted: true as const, principal: { subject: 'ann', roles: [] } };
  };
  const server = await TestServer.start(admitting({ authenticate }), { decisionTimeout: 60_000 });
  const client = await server.raw();
  client.send('40/chat,{}');
  await client.frame(/^40\/chat/);
  client.send('41/chat,');
  await until(() => server.counters().open === 0);
  client.send('40/chat,{"slow":true}');
  await until(() => server.counters().pending === 1);
  server.clock.advance(10_000);
  decision.open({ admitted: false, code: 'expired' });
  await client.frame(/^44\/chat/);
  server.clock.advance(10_000);
  expect(await client.closes()).toBe(true);
});
