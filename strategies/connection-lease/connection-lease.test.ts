import { describe, expect, it, onTestFinished } from 'vitest';
import { passive, refusalOf, Scenario, say } from '../../harness/app/scenario.ts';
import { until } from '../../test/support/gate.ts';
import { fromAuth } from '../shared/access-tokens/extract-token.ts';
import { TokenService } from '../shared/tokens/token-service.ts';
import { defaultLifetimes } from '../shared/lifetimes.ts';
import { type VariantName } from '../strategy.ts';
import { createCookieClient } from './client.ts';
import strategy, { LeaseEvents } from './index.ts';
import { leaseMetrics } from './metrics.ts';

const DAY = 86_400_000;

async function start(variant: VariantName = 'hardened', lifetimes = {}): Promise<Scenario> {
  const scenario = await Scenario.start(strategy, variant, { lifetimes });
  onTestFinished(() => scenario.dispose());
  return scenario;
}

/** Counts from now on. */
const metricsOf = (scenario: Scenario) => leaseMetrics(scenario.app.app.get(LeaseEvents, { strict: false }));

describe('a lease', () => {
  it('is renewed ahead of its end, when the server asks: no message is ever refused', async () => {
    const scenario = await start();
    const metrics = metricsOf(scenario);
    const client = await scenario.signedIn(await scenario.user());
    const socket = await scenario.connect(client);
    for (let renewals = 1; renewals <= 3; renewals++) {
      scenario.clock.advance(defaultLifetimes.accessToken * (7 / 8) + 1000);
      await until(() => socket.counters.renewals === renewals);
      expect(await refusalOf(say(socket))).toBeUndefined();
    }
    expect(socket.counters).toEqual({ renewals: 3, reconnects: 0, retries: 0 });
    expect(await metrics.metrics()).toMatch(/ws_auth_lease_renewals_total 3\n[^]*ws_auth_leases_ended_total 0\n/);
  });

  it('whose renewal was not answered, since the connection broke, is renewed by the next: nobody is a thief', async () => {
    const events: string[] = [];
    const report = ({ event }: { event: string }) => void events.push(event);
    const scenario = await Scenario.start(strategy, 'hardened', { report });
    onTestFinished(() => scenario.dispose());
    const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
    const tokens = scenario.app.app.get(TokenService, { strict: false });
    const refresh = tokens.refresh.bind(tokens);
    let rotations = 0;
    tokens.refresh = async (token) => {
      const issued = await refresh(token);
      rotations += 1;
      if (rotations > 1) return issued;
      socket.socket.io.engine.close();
      await until(() => scenario.app.counters().open === 0);
      return issued;
    };
    scenario.clock.advance(defaultLifetimes.accessToken * (7 / 8) + 1000);
    await until(() => socket.counters.renewals === 1);
    expect(socket.counters).toMatchObject({ reconnects: 1, retries: 0 });
    scenario.clock.advance(defaultLifetimes.accessToken * (7 / 8) + 1000);
    await until(() => socket.counters.renewals === 2);
    expect(await refusalOf(say(socket))).toBeUndefined();
    expect(events).not.toContain('reuse');
  });

  it('tells in how many ms it ends, and is counted where it ends without a renewal', async () => {
    const scenario = await start('as-published');
    const metrics = metricsOf(scenario);
    const socket = await scenario.connect(await scenario.signedIn(await scenario.user()), passive);
    const asked = new Promise((resolve) => socket.socket.once('auth:renew', resolve));
    const { accessToken, renewalGrace } = defaultLifetimes;
    scenario.clock.advance(accessToken * 0.75 + 1000);
    const { endsIn } = (await asked) as { endsIn: number };
    expect(endsIn).toBeGreaterThan(0);
    expect(endsIn).toBeLessThanOrEqual(accessToken / 4 + renewalGrace);
    scenario.clock.advance(endsIn);
    expect(await socket.ended).toBe('expired');
    expect(await metrics.metrics()).toContain('ws_auth_leases_ended_total 1\n');
  });

  it('may be longer than the longest timer of Node', async () => {
    // Even the time to renew is past the 24.8 days.
    const scenario = await start('as-published', { accessToken: 40 * DAY, refreshToken: 60 * DAY, absolute: 90 * DAY });
    const client = await scenario.signedIn(await scenario.user());
    const socket = await scenario.connect(client, passive);
    const { expiresAt } = client;
    scenario.clock.advance(39 * DAY);
    expect(await refusalOf(say(socket))).toBeUndefined();
    scenario.clock.advance(expiresAt! + defaultLifetimes.renewalGrace - scenario.clock.now());
    expect(await socket.ended).toBe('expired');
  });

  it("is not asked to be renewed past the sign-in's own end", async () => {
    const scenario = await start('hardened', { absolute: 60_000 });
    await scenario.connect(await scenario.signedIn(await scenario.user()));
    scenario.clock.advance(59_000);
    expect(scenario.wire.lines.join('\n')).not.toContain('auth:renew');
  });
});

it('thousands of leases that end together are renewed over a window, at no moment much faster than on average', async () => {
  const scenario = await start();
  const { lifetimes, clock } = { lifetimes: defaultLifetimes, clock: scenario.clock };
  const { ConnectionLeaseAuthenticator } = await import('./connection-lease.authenticator.ts');
  const tokens = scenario.app.app.get(TokenService, { strict: false });
  const options = { variant: 'hardened', clock, lifetimes, extractToken: fromAuth() } as never;
  const authenticator = new ConnectionLeaseAuthenticator(tokens, options, new LeaseEvents());
  const client = await scenario.signedIn(await scenario.user());
  const auth = client.connectOptions().auth ?? {};
  const prompts = await Promise.all(
    Array.from({ length: 2000 }, async () => {
      const decision = await authenticator.authenticate({ auth, request: {} as never, namespace: '/chat' });
      return decision.admitted ? (decision.promptAt ?? 0) : 0;
    }),
  );
  const [from, to] = [Math.min(...prompts), Math.max(...prompts)];
  const bins = Array.from({ length: 20 }, () => 0);
  for (const at of prompts) bins[Math.min(19, Math.floor(((at - from) / (to - from)) * 20))]! += 1;
  expect(to - from).toBeGreaterThan(lifetimes.accessToken / 5);
  expect(Math.max(...bins)).toBeLessThanOrEqual((3 * prompts.length) / 20);
});

describe('for pages', () => {
  it('a cookie renews the connection through HTTP, and its refresh token is out of reach', async () => {
    const scenario = await start();
    const user = await scenario.user();
    const client = createCookieClient({ url: scenario.app.url });
    await client.signIn(user.username, user.password);
    expect(JSON.stringify(client.connectOptions())).not.toContain('refresh');
    scenario.clock.advance(1);
    const socket = await scenario.connect(client);
    for (let renewals = 1; renewals <= 3; renewals++) {
      scenario.clock.advance(defaultLifetimes.accessToken * (7 / 8) + 1000);
      await until(() => socket.counters.renewals === renewals);
      expect(await refusalOf(say(socket))).toBeUndefined();
    }
    expect(socket.counters.reconnects).toBe(0);
    await client.signOut();
    expect(await socket.ended).toBe('revoked');
  });

  it('the cookie is HttpOnly and SameSite=Strict, has a fixed path, and opens no connection', async () => {
    const scenario = await start();
    const { username, password } = await scenario.user();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ username, password });
    const response = await fetch(`${scenario.app.url}/AUTH/cookie/Login/`, { method: 'POST', headers, body });
    const [set = ''] = response.headers.getSetCookie();
    expect(set.split('; ')).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Strict']));
    const cookie = set.split(';', 1)[0]!;
    expect(await refusalOf(scenario.connectWith({ extraHeaders: { cookie } }))).toBe('unauthenticated');
    const form = { method: 'POST', headers: { cookie }, body: new URLSearchParams() };
    expect((await fetch(`${scenario.app.url}/auth/cookie/refresh`, form)).status).toBe(415);
  });

  it("another sign-in's access token does not renew a connection, and ends it", async () => {
    const scenario = await start();
    const user = await scenario.user();
    const socket = await scenario.connect(await scenario.signedIn(user), passive);
    const other = createCookieClient({ url: scenario.app.url });
    await other.signIn(user.username, user.password);
    const credential = await other.renewal?.();
    expect(await refusalOf(socket.request('auth:renew', credential))).toBe('subject-mismatch');
    expect(await socket.ended).toBe('subject-mismatch');
  });
});
