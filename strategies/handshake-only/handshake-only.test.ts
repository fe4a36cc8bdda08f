import { describe, expect, it, onTestFinished } from 'vitest';
import { passive, refusalOf, Scenario, say } from '../../harness/app/scenario.ts';
import type { StrategyClient, VariantName } from '../strategy.ts';
import strategy from './index.ts';

async function connected(variant: VariantName) {
  const scenario = await Scenario.start(strategy, variant);
  onTestFinished(() => scenario.dispose());
  const user = await scenario.user();
  const client = await scenario.signedIn(user);
  const socket = await scenario.connect(client, passive);
  return { scenario, user, client, socket };
}

describe('hardened', () => {
  it('the connection ends with its token, on that millisecond and not before', async () => {
    const { scenario, client, socket } = await connected('hardened');
    scenario.clock.advance(client.expiresAt! - scenario.clock.now() - 1);
    expect(await refusalOf(say(socket))).toBeUndefined();
    expect(socket.socket.connected).toBe(true);
    scenario.clock.advance(1);
    expect(await socket.ended).toBe('expired');
    expect(scenario.app.counters()).toMatchObject({ open: 0, cut: { expired: 1 } });
  });

  it.each<[string, string, (scenario: Scenario, subject: string, client: StrategyClient) => Promise<void> | void]>([
    ['a sign-out', 'revoked', (_, __, client) => client.signOut()],
    ['a sign-out everywhere', 'revoked', (_, __, client) => client.signOut({ everywhere: true })],
    ['a ban', 'banned', ({ app }, subject) => app.directory.setBanned(subject, true)],
    ['a new password', 'revoked', ({ app }, subject) => app.directory.setPassword(subject, 'another password')],
    ['a change of roles', 'roles-changed', ({ app }, subject) => app.directory.setRoles(subject, ['moderator'])],
  ])('%s kicks the connection as %s, and the token opens no other', async (_, code, revoke) => {
    const { scenario, user, client, socket } = await connected('hardened');
    const stolen = client.connectOptions();
    await revoke(scenario, user.subject, client);
    expect(await socket.ended).toBe(code);
    const thief = { ...client, expiresAt: undefined, connectOptions: () => stolen };
    expect(await refusalOf(scenario.connectAsThief(thief))).toBe(code);
  });

  it('after a change of roles the client renews and comes back with the new ones', async () => {
    const { scenario, user, client } = await connected('hardened');
    const socket = await scenario.connect(client);
    const { id } = await say(socket);
    expect(await refusalOf(socket.request('deleteMessage', { id }))).toBe('forbidden');
    const back = new Promise((resolve) => socket.socket.once('connect', () => resolve(true)));
    scenario.clock.advance(1);
    scenario.app.directory.setRoles(user.subject, ['moderator']);
    scenario.clock.advance(1);
    await back;
    expect(await socket.request('deleteMessage', { id })).toEqual({ deleted: true });
  });
});

describe('as published', () => {
  it('the connection outlives its token, and the same token opens no other', async () => {
    const { scenario, client, socket } = await connected('as-published');
    scenario.clock.advance(client.expiresAt! - scenario.clock.now());
    expect(await refusalOf(say(socket))).toBeUndefined();
    expect(await refusalOf(scenario.connectAsThief(client))).toBe('expired');
  });
});
