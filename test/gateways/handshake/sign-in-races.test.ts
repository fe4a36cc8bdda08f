import { describe, expect, it } from 'vitest';
import type { AuthDecision } from '../../../strategies/strategy.ts';
import { gate, until } from '../../support/gate.ts';
import { admit, connectionsOf, guestIn, LobbyGateway, startLobby, tokens } from '../../support/guests-app.ts';

/** A server whose strategy decides on a sign-in when the test says so, and a guest that is signing in. */
async function signingIn() {
  const decision = gate<AuthDecision>();
  const asked: unknown[] = [];
  const server = await startLobby(tokens((token) => (asked.push(token), decision.passed)));
  const client = await guestIn(server);
  const answer = client.ask('auth:signin', { token: 1 });
  answer.catch(() => {});
  await until(() => asked.length === 1);
  return { server, client, answer, asked, decide: decision.open };
}

describe('while a sign-in is being decided', () => {
  it('a second one is told to retry, and is not decided', async () => {
    const { client, answer, asked, decide } = await signingIn();
    expect(await client.ask('auth:signin', { token: 2 })).toMatchObject({ refused: { code: 'too-many-events' } });
    decide(admit());
    expect(await answer).toEqual({ credential: {} });
    expect(asked).toEqual([1]);
  });

  it('the client is still a guest', async () => {
    const { client, decide } = await signingIn();
    expect(await client.ask('post')).toMatchObject({ refused: { code: 'unauthenticated' } });
    decide(admit());
    await until(() => client.socket.connected);
  });

  it('a revocation of that user refuses it, and one of another user does not', async () => {
    const { server, client, answer, decide } = await signingIn();
    connectionsOf(server).revoke({ code: 'revoked', subject: 'bob' });
    connectionsOf(server).revoke({ code: 'banned', subject: 'ann' });
    decide(admit());
    expect(await answer).toMatchObject({ refused: { code: 'banned' } });
    expect(await client.ask('whoami')).toMatchObject({ guest: true });
    expect(await client.ask('auth:signin', { subject: 'bob' })).toEqual({ credential: {} });
    expect(server.counters()).toMatchObject({ open: 1, pending: 0 });
  });

  it.each(Array.from({ length: 20 }, (_, turns) => turns))(
    'or a revocation comes %i turns after the decision, nothing of that user stays',
    async (turns) => {
      const { server, client, decide } = await signingIn();
      decide(admit());
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      connectionsOf(server).revoke({ code: 'banned', subject: 'ann' });
      const stays = client.ask('whoami').catch(() => undefined);
      const after = (await Promise.race([client.cut, stays])) as string | { guest: boolean };
      expect(typeof after === 'string' ? after === 'banned' : after.guest).toBe(true);
      expect(connectionsOf(server).ofSubject('ann')).toBe(0);
      expect(server.app.get(LobbyGateway).roomOf('ann')).toBe(0);
    },
  );

  it('a client that leaves is not signed in', async () => {
    const { server, client, decide } = await signingIn();
    client.close();
    await until(() => server.counters().open === 0);
    decide(admit());
    await until(() => server.counters().refused.revoked === 1);
    expect(server.app.get(LobbyGateway).told).toEqual(['connected a guest', 'left a guest']);
    expect(connectionsOf(server).ofSubject('ann')).toBe(0);
    expect(server.counters()).toMatchObject({ open: 0, pending: 0 });
  });

  it('the end of the guest waits for the decision', async () => {
    const { server, client, answer, decide } = await signingIn();
    server.clock.advance(60 * 60 * 1000);
    // The strategy has taken too long by then.
    expect(await answer).toMatchObject({ refused: { code: 'unavailable' } });
    expect(await client.cut).toBe('reconnect-required');
    decide(admit());
    expect(connectionsOf(server).ofSubject('ann')).toBe(0);
  });

  it('an application that closes lets nobody in', async () => {
    const { server, answer, decide } = await signingIn();
    connectionsOf(server).draining = true;
    decide(admit());
    expect(await answer).toMatchObject({ refused: { code: 'reconnect-required' } });
  });
});
