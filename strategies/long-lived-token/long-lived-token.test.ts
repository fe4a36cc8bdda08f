import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startApp } from '../../harness/app/app.ts';
import { passive, refusalOf, Scenario, say } from '../../harness/app/scenario.ts';
import { AuthSocket } from '../shared/client/auth-socket.ts';
import { TokenService } from '../shared/tokens/token-service.ts';
import type { StrategyClient } from '../strategy.ts';
import { createClient } from './client.ts';
import strategy from './index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function start(lifetimes = {}): Promise<Scenario> {
  const scenario = await Scenario.start(strategy, 'hardened', { lifetimes });
  onTestFinished(() => scenario.dispose());
  return scenario;
}

/** A client that was issued its WS token, and both tokens. */
async function issuedTo(scenario: Scenario) {
  const user = await scenario.user();
  const client = await scenario.signedIn(user);
  const accessToken = client.connectOptions().auth?.['token'] as string;
  const socket = await scenario.connect(client, passive);
  await say(socket);
  const wsToken = client.connectOptions().auth?.['wsToken'] as string;
  return { user, client, socket, accessToken, wsToken };
}

/** Connects with `auth` and nothing else. */
function connectWith(scenario: Scenario, auth: Record<string, unknown>): Promise<AuthSocket> {
  const client: StrategyClient = { ...scenario.client(), expiresAt: undefined, connectOptions: () => ({ auth }) };
  return scenario.connect(client, passive);
}

/** The same token with its signature's last, partly unused character written in another way. */
function twinOf(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.at(-1)!);
  return token.slice(0, -1) + alphabet[last ^ 1]!;
}

it('a token of 30 days lives on the real clock, whose timers cannot wait that long', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout');
  onTestFinished(() => timers.mockRestore());
  const app = await startApp(strategy, { variant: 'hardened' });
  onTestFinished(() => app.close());
  const { username, password, subject } = await app.addUser('ann');
  const client = createClient({ url: app.url });
  await client.signIn(username, password);
  const socket = await AuthSocket.connect(client, `${app.url}/chat`, passive);
  onTestFinished(() => socket.close());
  expect(await say(socket)).toMatchObject({ from: subject });
  expect(client.expiresAt).toBeGreaterThan(Date.now() + 29 * DAY);
  const delays = timers.mock.calls.map(([, delay]) => delay ?? 0);
  expect(Math.max(...delays)).toBeLessThan(2 ** 31);
  expect(await say(socket)).toMatchObject({ from: subject });
});

describe('the WS token', () => {
  it('never outlives the sign-in', async () => {
    const scenario = await start({ wsToken: 30 * DAY, absolute: HOUR });
    const before = scenario.clock.now();
    const { client, socket } = await issuedTo(scenario);
    expect(client.expiresAt).toBeLessThanOrEqual(before + HOUR);
    expect(client.expiresAt).toBeGreaterThan(before + HOUR - 2000);
    scenario.clock.advance(HOUR);
    expect(await socket.ended).toBe('expired');
    expect(await refusalOf(scenario.connectAsThief(client))).toBe('expired');
  });

  it('opens connections when the access token has long expired', async () => {
    const scenario = await start();
    const { client, accessToken, user } = await issuedTo(scenario);
    scenario.clock.advance(20 * DAY);
    expect(await refusalOf(connectWith(scenario, { token: accessToken }))).toBe('expired');
    expect(await say(await scenario.connect(client, passive))).toMatchObject({ from: user.subject });
  });

  it('is denied by its id, and its signature has one way to be written', async () => {
    const scenario = await start();
    const { wsToken, socket } = await issuedTo(scenario);
    const twin = twinOf(wsToken);
    expect(twin).not.toBe(wsToken);
    expect(await refusalOf(connectWith(scenario, { wsToken: twin }))).toBe('unauthenticated');
    const tokens = scenario.app.app.get(TokenService, { strict: false });
    await tokens.denyToken(await tokens.issuer.verify('ws', wsToken));
    expect(await socket.ended).toBe('revoked');
    expect(await refusalOf(connectWith(scenario, { wsToken }))).toBe('revoked');
  });

  it('that is denied leaves the other tokens of its sign-in alone', async () => {
    const scenario = await start();
    const { wsToken, accessToken } = await issuedTo(scenario);
    const tokens = scenario.app.app.get(TokenService, { strict: false });
    await tokens.denyToken(await tokens.issuer.verify('ws', wsToken));
    expect(await refusalOf(connectWith(scenario, { token: accessToken }))).toBeUndefined();
  });

  it("and the access token do not pass in each other's place", async () => {
    const scenario = await start();
    const { wsToken, accessToken } = await issuedTo(scenario);
    expect(await refusalOf(connectWith(scenario, { wsToken: accessToken }))).toBe('unauthenticated');
    expect(await refusalOf(connectWith(scenario, { token: wsToken }))).toBe('unauthenticated');
  });

  it('that was replaced by a fresh sign-in is not sent again', async () => {
    const scenario = await start();
    const { client, user, wsToken } = await issuedTo(scenario);
    await client.signIn(user.username, user.password);
    expect(client.connectOptions().auth).toEqual({ token: expect.any(String) as string });
    expect(JSON.stringify(client.connectOptions())).not.toContain(wsToken);
  });
});
