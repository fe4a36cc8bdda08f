import type { IncomingMessage } from 'node:http';
import { WebSocketGateway } from '@nestjs/websockets';
import { expect, it, vi } from 'vitest';
import { holdsMoreThan } from '../../../gateways/limits/held-values.ts';
import { noLimits } from '../../../gateways/options/limits.ts';
import { Transports } from '../../../gateways/transport/transports.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { connectFrame } from '../../../harness/app/raw-transport.ts';
import { type Authenticator, refused } from '../../../strategies/strategy.ts';
import { until } from '../../support/gate.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {}

@WebSocketGateway({ namespace: '/news' })
class NewsGateway extends WsManager {}

@WebSocketGateway({ namespace: '/trades' })
class TradesGateway extends WsManager {}

const gateways = [RoomGateway, NewsGateway, TradesGateway];
const BYTES = 8192;

/** A CONNECT of exactly so many bytes, as Socket.IO gets it. */
function connectOf(bytes: number): string {
  const empty = connectFrame('/room', { text: '' });
  return connectFrame('/room', { text: 'x'.repeat(bytes - empty.length + 1) });
}

it('a CONNECT of the largest size joins, and one byte more ends the transport before it is parsed', async () => {
  const server = await TestServer.start(admitting(), { gateways });
  const fits = await server.raw();
  fits.send(connectOf(BYTES));
  expect(await fits.frame(/^40\/room/)).toBeDefined();
  const parse = vi.spyOn(JSON, 'parse');
  const large = await server.raw();
  large.send(connectOf(BYTES + 1));
  expect(await large.closes()).toBe(true);
  expect(large.frames.at(-1)).toMatch(/^44\/room,.*"code":"bad-message"/);
  const parsed = parse.mock.calls.filter(([text]) => text.length > 1000);
  parse.mockRestore();
  expect(parsed).toEqual([]);
  expect(server.counters()).toMatchObject({ open: 1, pending: 0, refused: { 'bad-message': 1 } });
});

it('characters count as the bytes that they are sent as', async () => {
  const server = await TestServer.start(admitting(), { gateways });
  const client = await server.raw();
  client.send(connectFrame('/room', { text: '€'.repeat(BYTES / 3) }));
  expect(await client.closes()).toBe(true);
});

it('an event of the same size to no namespace ends its transport before it is parsed', async () => {
  const server = await TestServer.start(admitting(), { gateways });
  const client = await server.raw();
  client.send(`42/room,["act","${'x'.repeat(BYTES)}"]`);
  expect(await client.closes()).toBe(true);
  expect(server.counters().refused).toEqual({ 'bad-message': 1 });
});

it('a connection that is open is cut by a CONNECT that is too large, and told so', async () => {
  const server = await TestServer.start(admitting(), { gateways });
  const client = await server.raw();
  client.send(connectFrame('/room'));
  await client.frame(/^40\/room/);
  client.send(connectOf(BYTES + 1));
  expect(await client.closes()).toBe(true);
  expect(client.frames.filter((frame) => frame.includes('auth:cut') && frame.includes('bad-message'))).toHaveLength(1);
});

const values = (count: number) => ({ list: Array.from({ length: count }, () => ({})) });

it('an auth payload of too many values is refused, and the strategy is not asked', async () => {
  const authenticate = vi.fn<Authenticator['authenticate']>(admitting().authenticate);
  const server = await TestServer.start(admitting({ authenticate }), { gateways });
  expect(await server.connect('/room', values(BYTES / 32)).answered).toBe('bad-message');
  expect(authenticate).not.toHaveBeenCalled();
  expect(await server.connect('/room', values(BYTES / 32 - 10)).answered).toBe('connected');
  const open = await TestServer.start(admitting(), { gateways, limits: noLimits });
  expect(await open.connect('/room', values(1000)).answered).toBe('connected');
});

it('values are counted however they are nested', () => {
  const nested = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as unknown;
  expect([holdsMoreThan(100, nested), holdsMoreThan(99, nested)]).toEqual([false, true]);
  expect(holdsMoreThan(3, { a: null, b: 'text' })).toBe(false);
  expect(holdsMoreThan(2, { a: null, b: 'text' })).toBe(true);
});

it('nothing is kept of a CONNECT that was refused, or of a connection that was left', async () => {
  let admit = false;
  const { authenticate } = admitting();
  const deciding = admitting({ authenticate: (given) => (admit ? authenticate(given) : refused('unauthenticated')) });
  const server = await TestServer.start(deciding, { gateways });
  const of = vi.spyOn(server.app.get(Transports, { strict: false }), 'of');
  const client = await server.raw();
  client.send(connectFrame('/room', { note: 'kept?' }));
  expect(await client.frame(/^44\/room/)).toBeDefined();
  const transport = of.mock.results[0]?.value as ReturnType<Transports['of']>;
  expect([...transport.namespaces]).toEqual([]);
  admit = true;
  client.send(connectFrame('/room'));
  expect(await client.frame(/^40\/room/)).toBeDefined();
  expect([...transport.namespaces.keys()]).toEqual(['/room']);
  client.send('41/room');
  await until(() => server.counters().open === 0);
  expect([...transport.namespaces]).toEqual([]);
});

it('200 clients of one address that come back at once all get in, into three namespaces each', async () => {
  const server = await TestServer.start(admitting(), { gateways, limits: { connectionsPerAddress: 600 } });
  const clients = await Promise.all(Array.from({ length: 200 }, () => server.raw()));
  const auth = (index: number) => ({ subject: `user-${index}`, token: 'x'.repeat(1024) });
  const namespaces = ['/room', '/news', '/trades'];
  clients.forEach((client, index) => client.send(...namespaces.map((name) => connectFrame(name, auth(index)))));
  await until(() => server.counters().accepted === 600);
  expect(server.counters()).toMatchObject({ open: 600, refused: {} });
});

it('what transports without a namespace send is counted for their address, and comes back with time', async () => {
  const addressOf = ({ headers }: IncomingMessage) => String(headers['x-address'] ?? 'a');
  // 60 at once, of which each of these takes 8; later, 10 per second.
  const limits = { ...noLimits, packetsPerSecond: 10 };
  const server = await TestServer.start(admitting(), { gateways, limits, addressOf });
  const ask = async (headers = {}) => {
    const client = await server.raw(headers);
    client.send(connectOf(7500));
    return (await client.frame(/^40\/room/)) !== undefined;
  };
  const answers: boolean[] = [];
  for (let index = 0; index < 9; index++) answers.push(await ask());
  expect(answers.filter(Boolean)).toHaveLength(8);
  expect(answers.at(-1)).toBe(false);
  expect(server.counters().refused).toEqual({ 'too-many-packets': 1 });
  expect(await ask({ 'x-address': 'b' })).toBe(true);
  server.clock.advance(2000);
  expect(await ask()).toBe(true);
});

it('a later CONNECT of a transport that has joined is counted for its address too', async () => {
  const server = await TestServer.start(admitting(), { gateways, limits: { ...noLimits, packetsPerSecond: 10 } });
  const client = await server.raw();
  client.send(connectFrame('/room'));
  await client.frame(/^40\/room/);
  client.send(...Array.from({ length: 9 }, () => connectOf(7500).replace('/room', '/nowhere')));
  expect(await client.closes()).toBe(true);
  expect(server.counters().cut).toEqual({ 'too-many-packets': 1 });
});
