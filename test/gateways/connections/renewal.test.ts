import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it } from 'vitest';
import { Connections } from '../../../gateways/connections/connections.ts';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { type Admitted, refused, type AuthDecision } from '../../../strategies/strategy.ts';
import { gate, until } from '../../support/gate.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

@WebSocketGateway({ namespace: '/room' })
class RoomGateway extends WsManager {
  @SubscribeMessage('act')
  act(): string {
    return 'done';
  }
}

const gateways = [RoomGateway];
const ann = { subject: 'ann', roles: [] };
const admit = (rest: Partial<Admitted> = {}): AuthDecision => ({ admitted: true, principal: ann, ...rest });

describe('an issued credential', () => {
  it('that is not acknowledged in time ends the connection', async () => {
    const issuing = admitting({ authenticate: () => admit({ issued: { key: 'issued' } }) });
    const server = await TestServer.start(issuing, { gateways, decisionTimeout: 1000 });
    const client = server.connect('/room');
    expect(await client.next('auth:credential')).toEqual({ key: 'issued' });
    server.clock.advance(999);
    expect(await client.ask('act')).toBe('done');
    server.clock.advance(1);
    expect(await client.cut).toBe('credential-unacknowledged');
  });

  it('that is acknowledged leaves the connection open', async () => {
    const issuing = admitting({ authenticate: () => admit({ issued: { key: 'issued' } }) });
    const server = await TestServer.start(issuing, { gateways, decisionTimeout: 1000 });
    const client = server.connect('/room');
    client.socket.on('auth:credential', (_, ack: () => void) => ack());
    expect(await client.ask('act')).toBe('done');
    expect(await client.ask('act')).toBe('done');
    server.clock.advance(10_000);
    expect(await client.ask('act')).toBe('done');
  });
});

it('a credential that was handed over, on connect or by a renewal, is not kept with the connection', async () => {
  const kept: Admitted[] = [];
  const authorize = ({ admitted }: { admitted: Admitted }) => (kept.push(admitted), admitted);
  const issuing = async () => admit({ issued: { key: 'issued' } });
  const server = await TestServer.start(admitting({ authenticate: issuing, renew: issuing, authorize }), {
    gateways,
  });
  const client = server.connect('/room');
  client.socket.on('auth:credential', (_, ack: () => void) => ack());
  expect(await client.ask('act')).toBe('done');
  expect(await client.ask('auth:renew', {})).toEqual({ credential: { key: 'issued' } });
  expect(await client.ask('act')).toBe('done');
  expect(kept).toEqual([
    { admitted: true, principal: ann },
    { admitted: true, principal: ann },
  ]);
});

it('a renewal on other roles hands over what was issued, and ends the connection', async () => {
  const moderator = { subject: 'ann', roles: ['moderator'] };
  const renew = async () => admit({ principal: moderator, issued: { key: 'new' } });
  const server = await TestServer.start(admitting({ renew }), { gateways });
  const client = server.connect('/room');
  await client.answered;
  expect(await client.ask('auth:renew', {})).toEqual({ credential: { key: 'new' } });
  expect(await client.cut).toBe('reconnect-required');
});

/** Asks to renew after 1 s and ends after 2 s, from when it was admitted or renewed. */
function renewable(renew?: () => Promise<AuthDecision>) {
  const clock = new ManualClock();
  const term = () => admit({ promptAt: clock.now() + 1000, cutAt: clock.now() + 2000 });
  return { clock, authenticator: admitting({ authenticate: term, renew: renew ?? (async () => term()) }) };
}

describe('a connection with an end', () => {
  it('is asked to renew at the one time, once, and cut at the other', async () => {
    const { clock, authenticator } = renewable();
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = server.connect('/room');
    await client.answered;
    const asked: unknown[] = [];
    client.socket.on('auth:renew', (notice) => asked.push(notice));
    clock.advance(999);
    await client.ask('act');
    expect(asked).toEqual([]);
    clock.advance(1);
    await client.ask('act');
    expect(asked).toEqual([expect.objectContaining({ code: 'expired', action: 'renew' })]);
    clock.advance(999);
    await client.ask('act');
    clock.advance(1);
    expect(await client.cut).toBe('expired');
    expect(asked).toHaveLength(1);
    expect(server.counters()).toMatchObject({ open: 0, cut: { expired: 1 } });
  });

  it('lives on where it renews, and is asked again', async () => {
    const { clock, authenticator } = renewable();
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = server.connect('/room');
    await client.answered;
    for (let term = 1; term <= 3; term++) {
      const prompt = client.next('auth:renew');
      clock.advance(1500);
      await prompt;
      expect(await client.ask('auth:renew', 'anything')).toEqual({ credential: {} });
      expect(server.counters().renewals).toBe(term);
    }
    expect(await client.ask('act')).toBe('done');
  });

  it('that is cut is refused its messages from that very millisecond', async () => {
    const { clock, authenticator } = renewable();
    // A timer that comes late, as one may on a busy process.
    const late = Object.assign(new ManualClock(), { now: () => clock.now() });
    const server = await TestServer.start(authenticator, { gateways, clock: late });
    const client = server.connect('/room');
    await client.answered;
    clock.advance(2000);
    expect(await client.ask('act')).toMatchObject({ refused: { code: 'expired' } });
  });
});

describe('a renewal', () => {
  it.each<[string, () => Promise<AuthDecision>]>([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['answers nothing', async () => undefined as unknown as AuthDecision],
    ['answers a cut at NaN', async () => admit({ cutAt: NaN })],
  ])('that %s is refused as unavailable, and can be tried again', async (_, fault) => {
    let broken = true;
    const { clock, authenticator } = renewable(() => (broken ? fault() : Promise.resolve(admit())));
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = server.connect('/room');
    expect(await client.ask('auth:renew')).toMatchObject({ refused: { code: 'unavailable' } });
    broken = false;
    expect(await client.ask('auth:renew')).toEqual({ credential: {} });
  });

  it('runs one at a time: a second one meanwhile is told to retry', async () => {
    const decision = gate<AuthDecision>();
    let asked = 0;
    const { clock, authenticator } = renewable(() => ((asked += 1), decision.passed));
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = server.connect('/room');
    const first = client.ask('auth:renew');
    expect(await client.ask('auth:renew')).toMatchObject({ refused: { code: 'too-many-events', action: 'retry' } });
    decision.open(admit());
    expect(await first).toEqual({ credential: {} });
    expect(asked).toBe(1);
  });

  it('that is decided after the connection was cut brings nothing back', async () => {
    const decision = gate<AuthDecision>();
    let asked = 0;
    const { clock, authenticator } = renewable(() => ((asked += 1), decision.passed));
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = server.connect('/room');
    await client.answered;
    client.socket.emit('auth:renew', {}, () => {});
    await until(() => asked === 1);
    server.app.get(Connections, { strict: false }).revoke({ code: 'banned' });
    decision.open(admit());
    expect(await client.cut).toBe('banned');
    await until(() => server.counters().refused.revoked === 1);
    expect(server.counters()).toMatchObject({ open: 0, renewals: 0 });
  });

  it.each<[string, (now: number) => AuthDecision, object, string | undefined]>([
    ['stays open if it is renewed', (now) => admit({ cutAt: now + 1000 }), { credential: {} }, undefined],
    ['ends at once where it is refused', () => refused('unavailable'), { refused: {} }, 'expired'],
    ['ends at once where it changes nothing', (now) => admit({ cutAt: now }), { credential: {} }, 'expired'],
  ])('that is under way when the connection ends is answered first, and it %s', async (_, decisionAt, answer, code) => {
    const decision = gate<AuthDecision>();
    const { clock, authenticator } = renewable(() => decision.passed);
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = server.connect('/room');
    await client.answered;
    const renewed = client.ask('auth:renew');
    // Heard of first, since it is refused while the renewal is under way.
    await client.ask('auth:renew');
    clock.advance(2000);
    expect(await client.ask('act')).toMatchObject({ refused: { code: 'expired' } });
    decision.open(decisionAt(clock.now()));
    expect(await renewed).toMatchObject(answer);
    expect(await (code === undefined ? client.ask('act') : client.cut)).toBe(code ?? 'done');
  });

  it('that waits for its turn is not begun for a client that has left meanwhile', async () => {
    const decision = gate<AuthDecision>();
    let asked = 0;
    const { clock, authenticator } = renewable(() => ((asked += 1), decision.passed));
    const server = await TestServer.start(authenticator, { gateways, clock, limits: false });
    const clients = Array.from({ length: 70 }, () => server.connect('/room'));
    await Promise.all(clients.map(({ answered }) => answered));
    for (const client of clients) client.socket.emit('auth:renew', {}, () => {});
    await Promise.all(clients.map((client) => client.ask('act')));
    const begun = asked;
    expect(begun).toBeLessThan(clients.length);
    for (const client of clients.slice(begun)) client.close();
    await until(() => server.counters().open === begun);
    decision.open(admit());
    await until(() => server.counters().refused.revoked === clients.length - begun);
    expect(asked).toBe(begun);
  });

  it("of another subject ends the connection; of a code that only says 'not now' does not", async () => {
    let decision: AuthDecision = refused('unauthenticated');
    const { clock, authenticator } = renewable(async () => decision);
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = server.connect('/room');
    expect(await client.ask('auth:renew')).toMatchObject({ refused: { code: 'unauthenticated' } });
    expect(await client.ask('act')).toBe('done');
    decision = { admitted: true, principal: { subject: 'bob', roles: [] } };
    expect(await client.ask('auth:renew')).toMatchObject({ refused: { code: 'subject-mismatch' } });
    expect(await client.cut).toBe('subject-mismatch');
  });

  it('without an ack does its work all the same', async () => {
    const { clock, authenticator } = renewable();
    const server = await TestServer.start(authenticator, { gateways, clock });
    const client = server.connect('/room');
    await client.answered;
    client.socket.emit('auth:renew', {});
    await until(() => server.counters().renewals === 1);
    expect(await client.ask('act')).toBe('done');
  });
});
