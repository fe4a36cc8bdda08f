import { setImmediate } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import { ConnectedSocket, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { Connections } from '../../../gateways/connections/connections.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { refused, type AuthDecision } from '../../../strategies/strategy.ts';
import { gate, until } from '../../support/gate.ts';
import { connectFrame, eventFrame } from '../../../harness/app/raw-transport.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  handled = 0;

  @SubscribeMessage('act')
  act(): number {
    return (this.handled += 1);
  }
}

/** Cuts whoever asks for it, as an application may. */
@WebSocketGateway({ namespace: '/leaving' })
class LeavingGateway extends WsManager {
  @Inject(Connections) private readonly connections!: Connections;

  @SubscribeMessage('leave')
  leave(@ConnectedSocket() client: Socket): void {
    this.connections.cut(this.connections.of(client)!, 'revoked');
  }
}

const gateways = [RoomGateway];
const fifty = Array.from({ length: 50 }, () => eventFrame('/room', 'act', {}));

describe('events that were on their way before a cut', () => {
  it('do not run after it where the authenticator takes its time', async () => {
    let asked = 0;
    const decision = gate();
    const slow = admitting({
      authorize: async ({ admitted }) => {
        asked += 1;
        await decision.passed;
        return admitted;
      },
    });
    const server = await TestServer.start(slow, { gateways });
    const client = await server.raw();
    client.send(connectFrame('/room', { subject: 'ann' }));
    await client.frame(/^40/);
    client.send(...fifty);
    await until(() => asked === 50);
    server.app.get(Connections, { strict: false }).revoke({ code: 'revoked', subject: 'ann' });
    decision.open();
    await client.closed;
    await setImmediate();
    expect(server.app.get(RoomGateway).handled).toBe(0);
    expect(client.frames).toContainEqual(expect.stringContaining('"auth:cut",{"code":"revoked"'));
  });

  it('do not run after it where it answers at once', async () => {
    const server = await TestServer.start(admitting(), { gateways });
    const [client, other] = [await server.raw(), server.connect('/room', { subject: 'bob' })];
    client.send(connectFrame('/room', { subject: 'ann' }));
    await Promise.all([client.frame(/^40/), other.answered]);
    server.app.get(Connections, { strict: false }).revoke({ code: 'banned', subject: 'ann' });
    client.send(...fifty);
    await client.closed;
    // Bob's event was handled, so those that came before it had their chance.
    expect(await other.ask('act')).toBe(1);
  });

  it('do not run after it on another namespace of the same transport', async () => {
    const server = await TestServer.start(admitting(), { gateways: [RoomGateway, LeavingGateway] });
    const client = await server.raw();
    client.send(connectFrame('/room', { subject: 'ann' }), connectFrame('/leaving', { subject: 'ann' }));
    await Promise.all([client.frame(/^40\/room/), client.frame(/^40\/leaving/)]);
    client.send(eventFrame('/leaving', 'leave', {}));
    await until(() => server.counters().open === 0);
    client.send(...fifty);
    await client.closed;
    expect(server.counters()).toMatchObject({ pending: 0, cut: { revoked: 2 } });
    expect(server.app.get(RoomGateway).handled).toBe(0);
  });
});

describe('an authenticator that cannot decide on a message', () => {
  it.each<[string, () => AuthDecision | Promise<AuthDecision>]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    ['answers nothing', () => undefined as unknown as AuthDecision],
    ['answers a cut at NaN', () => ({ admitted: true, principal: { subject: 'ann', roles: [] }, cutAt: NaN })],
  ])('%s: the message is refused as unavailable, and the connection stays', async (_, authorize) => {
    let broken = true;
    const server = await TestServer.start(
      admitting({ authorize: (connection) => (broken ? authorize() : connection.admitted) }),
      { gateways },
    );
    const client = server.connect('/room', { subject: 'ann' });
    expect(await client.ask('act')).toMatchObject({ refused: { code: 'unavailable', action: 'retry' } });
    broken = false;
    expect(await client.ask('act')).toBe(1);
  });
});

describe('a message that is refused', () => {
  it('leaves the connection open where a renewal helps', async () => {
    let code: 'expired' | undefined = 'expired';
    const server = await TestServer.start(
      admitting({ authorize: ({ admitted }) => (code ? refused(code) : admitted) }),
      { gateways },
    );
    const client = server.connect('/room');
    expect(await client.ask('act')).toMatchObject({ refused: { code: 'expired', action: 'renew' } });
    code = undefined;
    expect(await client.ask('act')).toBe(1);
  });

  it('ends the connection where nothing helps, once its ack has been answered', async () => {
    const server = await TestServer.start(admitting({ authorize: () => refused('banned') }), { gateways });
    const client = server.connect('/room');
    expect(await client.ask('act')).toMatchObject({ refused: { code: 'banned' } });
    expect(await client.cut).toBe('banned');
  });
});

it("does not let a message's decision turn a connection into another subject's", async () => {
  const server = await TestServer.start(
    admitting({ authorize: () => ({ admitted: true, principal: { subject: 'bob', roles: [] } }) }),
    { gateways },
  );
  const client = server.connect('/room', { subject: 'ann' });
  expect(await client.ask('act')).toMatchObject({ refused: { code: 'subject-mismatch' } });
  expect(server.app.get(RoomGateway).handled).toBe(0);
});
