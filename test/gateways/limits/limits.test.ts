import type { IncomingMessage } from 'node:http';
import { SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Namespace } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { defaultLimits, type Limits, noLimits } from '../../../gateways/options/limits.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import type { SignInLimits, AuthDecision } from '../../../strategies/strategy.ts';
import { gate, until } from '../../support/gate.ts';
import { connectFrame, eventFrame } from '../../../harness/app/raw-transport.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  @WebSocketServer() readonly namespace!: Namespace;

  @SubscribeMessage('act')
  act(): string {
    return 'done';
  }
}

const gateways = [RoomGateway];
const only = (limits: object) => ({ gateways, limits: { ...noLimits, ...limits } });
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

it('a transport that sends one CONNECT too many is told, and closed with all that is on it', async () => {
  const server = await TestServer.start(admitting(), only({ connectsPerTransport: 3 }));
  const client = await server.raw();
  client.send(connectFrame('/room'), connectFrame('/room'), connectFrame('/room'), connectFrame('/room'));
  await client.closed;
  expect(client.frames.filter((frame) => frame.includes('already-connected'))).toHaveLength(2);
  expect(client.frames.filter((frame) => frame.startsWith('44') && frame.includes('too-many-connects'))).toHaveLength(
    1,
  );
  expect(server.counters()).toMatchObject({ open: 0, cut: { 'too-many-connects': 1 } });
  expect(await server.connect('/room').answered).toBe('connected');
});

it('a CONNECT to a namespace that no code names counts as any other', async () => {
  const server = await TestServer.start(admitting(), only({ connectsPerTransport: 3 }));
  const client = await server.raw();
  client.send(...times(4, (index) => connectFrame(`/nowhere-${index}`)));
  await client.closed;
  expect(client.frames.filter((frame) => frame.includes('Invalid namespace')).length).toBeGreaterThanOrEqual(3);
  expect(server.counters().refused).toEqual({ 'too-many-connects': 1 });
});

it.each(['4 ', '4\t', '4\n'])('a CONNECT whose type is written as %j counts as any other', async (head) => {
  const server = await TestServer.start(admitting(), only({ connectsPerTransport: 3 }));
  const client = await server.raw();
  client.send(...times(50, (index) => `${head}/nowhere-${index},{}`));
  await client.closed;
  expect(client.frames.length).toBeLessThanOrEqual(51);
});

it.each<[string, (request: IncomingMessage) => unknown]>([
  ['throws', ({ headers }) => (headers['x-forwarded-for'] as string).trim()],
  ['returns nothing', ({ headers }) => headers['x-forwarded-for']],
  ['is async, and rejects', async () => Promise.reject(new Error('no answer'))],
])('an `addressOf` that %s makes the CONNECT unavailable', async (_, addressOf) => {
  const server = await TestServer.start(admitting(), { gateways, addressOf: addressOf as () => string });
  expect(await server.connect('/room').answered).toBe('unavailable');
});

it('connections are counted for the address that `addressOf` names', async () => {
  const addressOf = ({ headers }: IncomingMessage) => String(headers['x-forwarded-for']);
  const server = await TestServer.start(admitting(), { ...only({ connectionsPerAddress: 1 }), addressOf });
  const from = (address: string) => server.connect('/room', {}, { 'x-forwarded-for': address }).answered;
  expect(await from('192.0.2.1')).toBe('connected');
  expect(await from('192.0.2.2')).toBe('connected');
  expect(await from('192.0.2.1')).toBe('too-many-connections');
});

it('connections of one address are bounded, and room is made when one leaves', async () => {
  const server = await TestServer.start(admitting(), only({ connectionsPerAddress: 2 }));
  const [first, second] = [server.connect('/room', { subject: 'a' }), server.connect('/room', { subject: 'b' })];
  expect(await Promise.all([first.answered, second.answered])).toEqual(['connected', 'connected']);
  expect(await server.connect('/room', { subject: 'c' }).answered).toBe('too-many-connections');
  first.close();
  await until(() => server.counters().open === 1);
  expect(await server.connect('/room', { subject: 'c' }).answered).toBe('connected');
});

it('connections of one user are bounded, those that ask at once too, and another user is not concerned', async () => {
  const decision = gate();
  let asked = 0;
  const { authenticate } = admitting();
  const slow = admitting({
    authenticate: async (handshake) => {
      asked += 1;
      await decision.passed;
      return authenticate(handshake);
    },
  });
  const server = await TestServer.start(slow, only({ connectionsPerUser: 2 }));
  const clients = times(6, () => server.connect('/room', { subject: 'ann' }));
  await until(() => asked === 6);
  decision.open();
  const answers = await Promise.all(clients.map(({ answered }) => answered));
  expect(answers.filter((answer) => answer === 'connected')).toHaveLength(2);
  expect(answers.filter((answer) => answer === 'too-many-connections')).toHaveLength(4);
  expect(await server.connect('/room', { subject: 'bob' }).answered).toBe('connected');
});

/**
 * Goes over a limit with `count` events, CONNECTs or connections; the code under which one was refused, if one was. The tests of
 * guests have those of guests.
 */
const overflows: Record<
  Exclude<keyof Limits, keyof SignInLimits | 'guests' | 'guestLifetime'>,
  (server: TestServer, count: number) => Promise<string | undefined>
> = {
  async eventsPerSecond(server, count) {
    const client = server.connect('/room');
    const answers = await Promise.all(times(2 * count, () => client.ask('act')));
    return answers.find(({ refused }) => refused)?.refused?.code;
  },
  async eventsPerSecondPerAddress(server, count) {
    // Two connections, neither of which goes over its own rate.
    const each = Math.ceil(count / 3);
    const clients = [server.connect('/room'), server.connect('/room')];
    const answers = await Promise.all(clients.flatMap((client) => times(each, () => client.ask('act'))));
    return answers.find(({ refused }) => refused)?.refused?.code;
  },
  async connectsPerTransport(server, count) {
    const client = await server.raw();
    client.send(...times(count, () => connectFrame('/')), connectFrame('/room'));
    await client.frame(/"too-many-connects"|^40\/room/);
    // The transport ends at once, so the last frame may be lost.
    const { refused, cut } = server.counters();
    return { ...refused, ...cut }['too-many-connects'] === undefined ? undefined : 'too-many-connects';
  },
  async connectBytes(server, bytes) {
    const client = await server.raw();
    client.send(connectFrame('/room', { text: 'x'.repeat(bytes) }));
    await client.frame(/^40\/room/);
    return Object.keys(server.counters().refused)[0];
  },
  async packetsPerSecond(server, count) {
    const client = await server.raw();
    client.send(connectFrame('/room'));
    await client.frame(/^40\/room/);
    client.send(...times(10 * count, () => '43/room,7[]'), eventFrame('/room', 'act', {}, '1'));
    await client.frame(/^43\/room,1\[/);
    return Object.keys(server.counters().cut)[0];
  },
  transports: (server, count) => openAll(server, count),
  transportsPerAddress: (server, count) => openAll(server, count),
  async unsentBytes(server, bytes) {
    const client = await server.raw();
    client.send(connectFrame('/room'));
    await client.frame(/^40\/room/);
    client.pause();
    const { namespace } = server.app.get(RoomGateway);
    // Until the buffers of the operating system are full, some megabytes, everything is sent.
    for (let sent = 0; sent < 20_000_000 + bytes && server.counters().open > 0; sent += 100_000) {
      namespace.emit('news', 'x'.repeat(100_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return Object.keys(server.counters().cut)[0];
  },
  connectionsPerAddress: (server, count) => connectAll(server, count, (index) => `user-${index}`),
  connectionsPerUser: (server, count) => connectAll(server, count, () => 'ann'),
};

async function connectAll(server: TestServer, count: number, subject: (index: number) => string) {
  const clients = times(count, (index) => server.connect('/room', { subject: subject(index) }));
  const answers = await Promise.all(clients.map(({ answered }) => answered));
  return answers.find((answer) => answer !== 'connected');
}

async function openAll(server: TestServer, count: number): Promise<string | undefined> {
  for (let opened = 0; opened < count; opened++) await server.raw().catch(() => undefined);
  return Object.keys(server.counters().refused)[0];
}

describe.each(Object.keys(overflows) as (keyof typeof overflows)[])('%s', (name) => {
  const overflow = overflows[name];
  // The default for all transports together is more than a test should open.
  const tooMany = name === 'transports';
  const beyond = tooMany ? 3 : (defaultLimits[name] as number) + 1;

  it('bounds where it is set, alone', async () => {
    const server = await TestServer.start(admitting(), only({ [name]: 2 }));
    expect(await overflow(server, 3)).toMatch(/^too-|^bad-message$/);
  });

  it.skipIf(tooMany)(
    `bounds by default${tooMany ? ' (skipped: 20,000 transports are too many for a test)' : ''}`,
    async () => {
      const server = await TestServer.start(admitting(), { gateways });
      expect(await overflow(server, beyond)).toMatch(/^too-|^bad-message$/);
    },
  );

  it('bounds nothing where it alone is false', async () => {
    const server = await TestServer.start(admitting(), { gateways, limits: { [name]: false } });
    expect(await overflow(server, beyond)).toBeUndefined();
  });

  it('bounds nothing where all limits are false', async () => {
    const server = await TestServer.start(admitting(), { gateways, limits: false });
    expect(await overflow(server, beyond)).toBeUndefined();
  });
});

describe('the counters', () => {
  it('come back to nothing open and nothing pending when everyone has left', async () => {
    const server = await TestServer.start(admitting(), { gateways });
    const clients = times(5, (index) => server.connect('/room', { subject: `user-${index % 2}` }));
    await Promise.all(clients.map(({ answered }) => answered));
    expect(server.counters()).toMatchObject({ open: 5, pending: 0, accepted: 5 });
    for (const client of clients) client.close();
    await until(() => server.counters().open === 0);
    expect(server.counters()).toMatchObject({ open: 0, pending: 0, accepted: 5, cut: {} });
  });

  it('forget those whose transport closes while they are decided on, and give their places back', async () => {
    const decision = gate<AuthDecision>();
    let asked = 0;
    const slow = admitting({ authenticate: () => ((asked += 1), decision.passed) });
    const server = await TestServer.start(slow, only({ connectionsPerAddress: 3, connectionsPerUser: 1 }));
    const leaving = await Promise.all(times(3, () => server.raw()));
    for (const transport of leaving) transport.send(connectFrame('/room'));
    await until(() => asked === 3);
    expect(server.counters()).toMatchObject({ open: 0, pending: 3 });
    for (const transport of leaving) transport.close();
    await until(() => server.counters().pending === 0);
    decision.open({ admitted: true, principal: { subject: 'ann', roles: [] } });
    expect(await server.connect('/room').answered).toBe('connected');
    expect(server.counters()).toMatchObject({ open: 1, pending: 0, accepted: 1 });
  });
});
