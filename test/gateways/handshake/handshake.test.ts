import { ConnectedSocket, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { principalOf } from '../../../gateways/principal.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { type Principal, refused, type AuthDecision } from '../../../strategies/strategy.ts';
import { gate, until } from '../../support/gate.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { connectFrame, eventFrame } from '../../../harness/app/raw-transport.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  @WebSocketServer() readonly namespace!: Namespace;
  handled = 0;
  seen: unknown[] = [];

  handleConnection(client: Socket): void {
    this.seen.push((client.data as { principal?: unknown }).principal);
    void client.join(`home:${principalOf(client).subject}`);
  }

  @SubscribeMessage('enter')
  enter(@ConnectedSocket() client: Socket): string[] {
    this.handled += 1;
    return [...client.rooms].filter((room) => room !== client.id);
  }
}

@WebSocketGateway({ namespace: '/room' })
class BesideGateway extends WsManager {
  readonly seen: unknown[] = [];

  handleConnection(client: Socket): void {
    this.seen.push((client.data as { principal?: unknown }).principal);
  }
}

@WebSocketGateway({ namespace: '/room' })
class ThirdGateway {}

const gateways = [RoomGateway, BesideGateway, ThirdGateway];
const enter = eventFrame('/room', 'enter', {}, '1');

/** An authenticator that refuses `delay` ms after it was asked. */
function refusingLate(delay: number) {
  const clock = new ManualClock();
  const asked = gate();
  const authenticator = admitting({
    authenticate: () =>
      new Promise<AuthDecision>((resolve) => {
        clock.schedule(delay, () => resolve(refused('unauthenticated')));
        asked.open();
      }),
  });
  return { clock, asked: asked.passed, authenticator };
}

describe.each([0, 10, 100])('a validator that refuses after %i ms', (delay) => {
  it('lets no event through that came in one burst behind CONNECT', async () => {
    const { clock, authenticator } = refusingLate(delay);
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = await server.raw();
    client.send(connectFrame('/room'), enter, enter, enter);
    await client.closed;
    clock.advance(delay);
    await until(() => server.counters().pending === 0);
    expect(server.app.get(RoomGateway)).toMatchObject({ handled: 0, seen: [] });
    expect(server.counters().accepted).toBe(0);
  });

  it.each([0, 0.5, 1])('lets no event through that came after %f of that time', async (share) => {
    const { clock, asked, authenticator } = refusingLate(delay);
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = await server.raw();
    client.send(connectFrame('/room'));
    await asked;
    clock.advance(delay * share);
    client.send(enter, enter);
    await client.closed;
    clock.advance(delay);
    await until(() => server.counters().pending === 0);
    expect(server.app.get(RoomGateway)).toMatchObject({ handled: 0, seen: [] });
  });

  it('lets no broadcast out to the client while it is pending', async () => {
    const { clock, asked, authenticator } = refusingLate(delay);
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = await server.raw();
    client.send(connectFrame('/room'));
    await asked;
    server.app.get(RoomGateway).namespace.emit('news', 'for members');
    clock.advance(delay);
    expect(await client.frame(/^44\/room,/)).toContain('"code":"unauthenticated"');
    server.app.get(RoomGateway).namespace.emit('news', 'for members');
    client.close();
    await client.closed;
    expect(client.frames.filter((frame) => frame.startsWith('42'))).toEqual([]);
  });
});

it('asks the authenticator once per CONNECT, however many gateways share the namespace', async () => {
  let asked = 0;
  const { authenticate } = admitting();
  const counting = admitting({ authenticate: (handshake) => (asked++, authenticate(handshake)) });
  const server = await TestServer.start(counting, { gateways });
  expect(await server.connect('/room').answered).toBe('connected');
  expect(asked).toBe(1);
  expect(await server.connect('/room').answered).toBe('connected');
  expect(asked).toBe(2);
});

it('puts the principal on the socket before any hook runs, of a base class or beside it', async () => {
  const server = await TestServer.start(admitting(), { gateways });
  const client = server.connect('/room', { subject: 'ann', roles: ['reader'] });
  await client.ask('enter');
  const ann = { subject: 'ann', roles: ['reader'] };
  expect(server.app.get(RoomGateway).seen).toEqual([ann]);
  expect(server.app.get(BesideGateway).seen).toEqual([ann]);
});

it('has joined the rooms of the connection hook before it handles the first message', async () => {
  const server = await TestServer.start(admitting(), { gateways });
  const client = await server.raw();
  client.send(connectFrame('/room', { subject: 'ann' }));
  await client.frame(/^40\/room,/);
  client.send(enter);
  expect(await client.frame(/^43\/room,1/)).toBe('43/room,1[["subject:ann","home:ann"]]');
});

const at = (cutAt: number) => (): AuthDecision => ({ admitted: true, principal: { subject: 'ann', roles: [] }, cutAt });

describe('an authenticator that cannot decide refuses as unavailable, and leaves nothing pending', () => {
  const failing = {
    throws: () => {
      throw new Error('broken');
    },
    rejects: () => Promise.reject(new Error('broken')),
    'answers nothing': () => undefined as unknown as AuthDecision,
    'answers a cut at NaN': at(NaN),
    'answers a cut at Infinity': at(Infinity),
  };

  it.each(Object.entries(failing))('%s', async (_, authenticate) => {
    const server = await TestServer.start(admitting({ authenticate }), { gateways });
    expect(await server.connect('/room').answered).toBe('unavailable');
    expect(server.counters()).toMatchObject({ open: 0, pending: 0, accepted: 0, refused: { unavailable: 1 } });
  });

  it('never answers', async () => {
    const asked = gate();
    const silent = admitting({ authenticate: () => new Promise<AuthDecision>(() => asked.open()) });
    const server = await TestServer.start(silent, { gateways, decisionTimeout: 500 });
    const client = server.connect('/room');
    await asked.passed;
    server.clock.advance(499);
    expect(server.counters().pending).toBe(1);
    server.clock.advance(1);
    expect(await client.answered).toBe('unavailable');
    expect(server.counters()).toMatchObject({ open: 0, pending: 0, accepted: 0 });
  });

  it('answers after its client has left', async () => {
    const [asked, decision] = [gate(), gate<AuthDecision>()];
    const slow = admitting({ authenticate: () => (asked.open(), decision.passed) });
    const server = await TestServer.start(slow, { gateways });
    const client = await server.raw();
    client.send(connectFrame('/room'));
    await asked.passed;
    client.close();
    await until(() => server.counters().pending === 0);
    decision.open({ admitted: true, principal: { subject: 'ann', roles: [] } });
    expect(await server.connect('/room').answered).toBe('connected');
    expect(server.counters()).toMatchObject({ open: 1, pending: 0, accepted: 1 });
    expect(server.app.get(RoomGateway).seen).toHaveLength(1);
  });
});

it('refuses a credential whose cut is already past as expired', async () => {
  const clock = new ManualClock();
  const over = admitting({
    authenticate: () => ({ admitted: true, principal: { subject: 'ann', roles: [] }, cutAt: clock.now() }),
  });
  const server = await TestServer.start(over, { gateways, clock });
  expect(await server.connect('/room').answered).toBe('expired');
});

@WebSocketGateway({ namespace: '/room' })
class LoadingGateway extends WsManager {
  readonly seen: unknown[] = [];

  handleConnection({ data }: Socket): void {
    this.seen.push((data as { user?: unknown }).user);
  }
}

describe('what an application loads of a user', () => {
  it('is there by the first hook', async () => {
    const loadUser = async ({ subject }: Principal) => ({ name: `${subject}!` });
    const server = await TestServer.start(admitting(), { gateways: [LoadingGateway], loadUser });
    expect(await server.connect('/room', { subject: 'ann' }).answered).toBe('connected');
    expect(server.app.get(LoadingGateway).seen).toEqual([{ name: 'ann!' }]);
  });

  it('and cannot be had, refuses the CONNECT', async () => {
    const server = await TestServer.start(admitting(), {
      gateways: [LoadingGateway],
      loadUser: () => Promise.reject(new Error('no database')),
    });
    expect(await server.connect('/room').answered).toBe('unavailable');
  });
});
