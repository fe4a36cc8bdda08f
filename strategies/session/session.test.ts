import type { Namespace } from 'socket.io';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PresenceGateway } from '../../gateways/example/presence.gateway.ts';
import { delivered, passive, refusalOf, Scenario, say } from '../../harness/app/scenario.ts';
import { post } from '../shared/client/http-client.ts';
import type { VariantName } from '../strategy.ts';
import strategy from './index.ts';

const MINUTE = 60_000;

async function start(variant: VariantName = 'hardened', lifetimes = {}): Promise<Scenario> {
  const scenario = await Scenario.start(strategy, variant, { lifetimes });
  onTestFinished(() => scenario.dispose());
  return scenario;
}

describe('activity', () => {
  it('on the WebSocket keeps the session alive, for HTTP and later connections too', async () => {
    const scenario = await start('hardened', { sessionIdle: MINUTE });
    const user = await scenario.user();
    const client = await scenario.signedIn(user);
    const socket = await scenario.connect(client, passive);
    for (let time = 0; time < 5 * MINUTE; time += MINUTE / 2) {
      scenario.clock.advance(MINUTE / 2);
      expect(await refusalOf(say(socket))).toBeUndefined();
    }
    expect(await refusalOf(say(await scenario.connectAsThief(client)))).toBeUndefined();
    scenario.clock.advance(MINUTE);
    expect(await socket.ended).toBe('expired');
  });

  it('on one connection keeps the silent ones of the session too, until the session ends for all', async () => {
    const scenario = await start('hardened', { sessionIdle: MINUTE });
    const user = await scenario.user();
    const client = await scenario.signedIn(user);
    const [talker, listener] = [
      await scenario.connect(client, passive),
      await scenario.connect(client, passive, '/notifications'),
    ];
    await listener.request('subscribe-to-notifications', {});
    for (let time = 0; time < 5 * MINUTE; time += MINUTE / 2) {
      scenario.clock.advance(MINUTE / 2);
      expect(await refusalOf(say(talker))).toBeUndefined();
      expect(await delivered(scenario, listener, user.subject)).toBe(true);
    }
    for (let half = 0; half < 2; half++) {
      scenario.clock.advance(MINUTE / 2);
      await scenario.roundTrip();
    }
    expect(await Promise.all([talker.ended, listener.ended])).toEqual(['expired', 'expired']);
  });

  it('that is a heartbeat alone does not', async () => {
    const scenario = await start('hardened', { sessionIdle: MINUTE });
    const socket = await scenario.connect(await scenario.signedIn(await scenario.user()), passive);
    scenario.clock.advance(MINUTE);
    expect(await socket.ended).toBe('expired');
  });
});

describe('a change of roles', () => {
  it('ends the connections and not the session: the client comes back with the same cookie', async () => {
    const scenario = await start();
    const user = await scenario.user(['moderator']);
    const socket = await scenario.connect(await scenario.signedIn(user));
    const back = new Promise<void>((resolve) => socket.socket.once('connect', resolve));
    scenario.app.directory.setRoles(user.subject, []);
    await back;
    const { id } = await say(socket);
    expect(await refusalOf(socket.request('deleteMessage', { id }))).toBe('forbidden');
  });
});

it('signing in again ends the connections of the session that it replaces', async () => {
  const scenario = await start();
  const user = await scenario.user();
  const client = await scenario.signedIn(user);
  const socket = await scenario.connect(client, passive);
  const { cookie = '' } = client.connectOptions().extraHeaders ?? {};
  const { username, password } = user;
  await post(`${scenario.app.url}/auth/login`, { username, password }, { cookie });
  expect(await socket.ended).toBe('revoked');
});

/** The cookie that a sign-in sets. */
async function signIn(scenario: Scenario, headers: Record<string, string> = {}): Promise<string[]> {
  const { username, password } = await scenario.user();
  const response = await post(`${scenario.app.url}/auth/login`, { username, password }, headers);
  return response.headers.getSetCookie();
}

const pairOf = (cookies: string[]): string => cookies[0]?.split(';')[0] ?? '';

describe.each(['as-published', 'hardened'] as const)('the cookie, %s', (variant) => {
  it('is HttpOnly, SameSite=Lax, for the whole site, and ends with the session', async () => {
    const cookies = await signIn(await start(variant));
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(/^sid=s%3A/);
    const attributes = cookies[0]?.split('; ').slice(1);
    expect(attributes).toEqual(expect.arrayContaining(['HttpOnly', 'SameSite=Lax', 'Path=/']));
    expect(attributes).toContainEqual(expect.stringMatching(/^Expires=/));
  });

  it('is not set for who has not signed in', async () => {
    const scenario = await start(variant);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${scenario.app.url}/auth/login`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(400);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('is a new one at every sign-in, and one planted before opens nothing', async () => {
    const scenario = await start(variant);
    const planted = pairOf(await signIn(scenario));
    const cookie = pairOf(await signIn(scenario, { cookie: planted }));
    expect(cookie).not.toBe(planted);
    const connectWith = (own: string) =>
      scenario.connect({ ...scenario.client(), connectOptions: () => ({ extraHeaders: { cookie: own } }) }, passive);
    expect(await refusalOf(connectWith(planted))).toBe('unauthenticated');
    expect(await refusalOf(connectWith(cookie))).toBeUndefined();
  });

  it('appears nowhere where handlers and logs look', async () => {
    const scenario = await start(variant);
    const client = await scenario.signedIn(await scenario.user());
    await say(await scenario.connect(client));
    const cookie = decodeURIComponent(client.connectOptions().extraHeaders?.['cookie'] ?? '');
    const [, id] = /^sid=s:([^.]+)\./.exec(cookie) ?? [];
    const gateway = scenario.app.app.get<unknown>(PresenceGateway, { strict: false });
    const { namespace } = gateway as { namespace: Namespace };
    const [socket] = namespace.sockets.values();
    expect(socket?.data).toMatchObject({ principal: { sessionId: expect.any(String) as string } });
    expect(id).toMatch(/.{32}/);
    expect(JSON.stringify(socket?.data)).not.toContain(id);
  });
});
