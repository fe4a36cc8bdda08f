import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { describe, expect, it } from 'vitest';
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
const admitted = (cutAt: number, roles: string[] = []): Admitted => ({
  admitted: true,
  principal: { subject: 'ann', roles },
  cutAt,
});

/** A connection whose end has come, and whose authenticator answers `reconsider` to that. */
async function atItsEnd(
  reconsider: (now: number) => AuthDecision | Promise<AuthDecision>,
  authorize?: () => AuthDecision,
  renew?: () => Promise<AuthDecision>,
) {
  const clock = new ManualClock();
  let asked = 0;
  const authenticator = admitting({
    authenticate: () => admitted(clock.now() + 1000),
    reconsider: async () => ((asked += 1), reconsider(clock.now())),
    ...(authorize && { authorize }),
    ...(renew && { renew }),
  });
  const server = await TestServer.start(authenticator, { gateways, clock, decisionTimeout: 500 });
  const client = server.connect('/room');
  await client.answered;
  clock.advance(1000);
  await until(() => asked === 1);
  return { server, client, clock, asked: () => asked };
}

describe('a connection whose end has come', () => {
  it('lives on where its authenticator says that the end has moved, and is asked about again then', async () => {
    let left = 2;
    const { client, clock, asked } = await atItsEnd((now) => (left-- > 0 ? admitted(now + 1000) : refused('expired')));
    expect(await client.ask('act')).toBe('done');
    clock.advance(1000);
    await until(() => asked() === 2);
    expect(await client.ask('act')).toBe('done');
    clock.advance(1000);
    expect(await client.cut).toBe('expired');
  });

  it.each<[string, (now: number) => AuthDecision | Promise<AuthDecision>, string]>([
    ['is cut where the end has not moved', (now) => admitted(now), 'expired'],
    ['is cut under the code of a refusal', () => refused('revoked'), 'revoked'],
    ['is cut where the authenticator fails', () => Promise.reject(new Error('store down')), 'unavailable'],
    ['is cut where its roles are others', (now) => admitted(now + 1000, ['moderator']), 'reconnect-required'],
  ])('%s', async (_, reconsider, code) => {
    const { client } = await atItsEnd(reconsider);
    expect(await client.cut).toBe(code);
  });

  it('is cut where no answer comes in time', async () => {
    const { client, clock } = await atItsEnd(() => new Promise(() => {}));
    clock.advance(500);
    expect(await client.cut).toBe('unavailable');
  });

  it('answers no message while the question hangs', async () => {
    const { client } = await atItsEnd(() => new Promise(() => {}));
    expect(await client.ask('act')).toMatchObject({ refused: { code: 'expired' } });
  });

  it('is kept by a renewal meanwhile, though the old question is refused', async () => {
    const answer = gate<AuthDecision>();
    const { client, server } = await atItsEnd(
      () => answer.passed,
      undefined,
      async () => ({ ...admitted(Date.now() + 3_600_000), issued: { key: 'new' } }),
    );
    expect(await client.ask('auth:renew')).toEqual({ credential: { key: 'new' } });
    answer.open(refused('expired'));
    expect(await client.ask('act')).toBe('done');
    expect(server.counters()).toMatchObject({ open: 1, cut: {} });
  });

  it('is kept by a message that moved the end meanwhile, whatever the answer says of the end before', async () => {
    const answer = gate<AuthDecision>();
    const later = admitted(Date.now() + 60_000);
    const { client, server } = await atItsEnd(
      () => answer.passed,
      () => later,
    );
    expect(await client.ask('act')).toBe('done');
    answer.open(admitted(0));
    expect(await client.ask('act')).toBe('done');
    expect(server.counters()).toMatchObject({ open: 1, cut: {} });
  });
});

describe('a decision on other roles', () => {
  it('on a message refuses it and ends the connection', async () => {
    const authenticator = admitting({ authorize: () => admitted(Date.now() + 60_000, ['moderator']) });
    const server = await TestServer.start(authenticator, { gateways });
    const client = server.connect('/room');
    expect(await client.ask('act')).toMatchObject({ refused: { code: 'reconnect-required' } });
    expect(await client.cut).toBe('reconnect-required');
  });
});
