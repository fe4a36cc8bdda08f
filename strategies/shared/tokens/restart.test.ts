import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunningApp, startApp } from '../../../harness/app/app.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { passive, refusalOf, say } from '../../../harness/app/scenario.ts';
import { loadStrategies } from '../../registry.ts';
import type { StrategyClient, VariantName } from '../../strategy.ts';
import { AuthSocket } from '../client/auth-socket.ts';
import { post } from '../client/http-client.ts';

const SECRET = 'a secret of the test, long enough';
const HOUR = 3_600_000;
const FORGOTTEN = 'an opaque token is forgotten with the store that holds it';

const strategies = (await loadStrategies()).filter(
  ({ role, variants }) => role === 'strategy' && !variants.hardened.supports.cookie,
);

describe.each(strategies.map((strategy) => [strategy.id, strategy] as const))('%s', (_, strategy) => {
  /** An application that is stopped and started anew, with its stores in memory; what survives is what it is given. */
  async function restarting(variant: VariantName) {
    const clock = new ManualClock();
    const start = (directory?: RunningApp['directory']) =>
      startApp(strategy, { variant, clock, secret: SECRET, ...(directory && { directory }) });
    let app = await start();
    onTestFinished(() => app.close());
    const user = await app.addUser('ann');
    const { createClient } = await strategy.client();
    const connect = async (presented: ReturnType<StrategyClient['connectOptions']>) => {
      const client = { ...createClient({ url: app.url }), expiresAt: undefined, connectOptions: () => presented };
      const socket = await AuthSocket.connect(client, `${app.url}/chat`, passive);
      onTestFinished(() => socket.close());
      return say(socket);
    };
    const signIn = async () => {
      const response = await post(`${app.url}/auth/login`, { username: user.username, password: user.password });
      const { accessToken, refreshToken } = (await response.json()) as Record<string, string>;
      return { auth: { token: accessToken }, refreshToken };
    };
    /** All that a client may hold: its access token, and the WS token where it was issued one. */
    const held = async () => {
      const { auth, refreshToken } = await signIn();
      const client = createClient({ url: app.url });
      await client.signIn(user.username, user.password);
      const socket = await AuthSocket.connect(client, `${app.url}/chat`, passive);
      await say(socket);
      socket.close();
      return { presented: [{ auth }, client.connectOptions()], refreshToken };
    };
    const restart = async (ms: number) => {
      await app.close();
      clock.advance(ms);
      app = await start(app.directory);
    };
    const endpoint = (name: string, body: object) => post(`${app.url}/auth/${name}`, body);
    return { app, clock, user, connect, signIn, held, restart, endpoint };
  }

  it.for([1, -HOUR])('refuses what it issued before a restart, as it comes up %i ms later', async (ms, { skip }) => {
    const { connect, signIn, held, restart, endpoint, user } = await restarting('hardened');
    const { presented, refreshToken } = await held();
    skip(strategy.variants.hardened.supports.token !== 'jwt', FORGOTTEN);
    expect((await endpoint('logout', { refreshToken, everywhere: true })).status).toBe(204);
    for (const each of presented) expect(await refusalOf(connect(each))).toBe('revoked');
    await restart(ms);
    for (const each of presented) expect(await refusalOf(connect(each))).toBe('revoked');
    expect(await refusalOf(endpoint('refresh', { refreshToken }))).toBe('revoked');
    expect((await endpoint('logout', { refreshToken })).status).toBe(204);
    expect(await connect(await signIn())).toMatchObject({ from: user.subject });
  });

  const keepsAll = Object.keys(strategy.variants['as-published'].deviations).length === 0;
  const why = keepsAll ? ' (skipped: its published variant is hardened too)' : '';
  it.skipIf(why !== '')(`goes on after a restart as published${why}`, async ({ skip }) => {
    const { connect, held, restart, endpoint, user } = await restarting('as-published');
    const { presented, refreshToken } = await held();
    skip(strategy.variants.hardened.supports.token !== 'jwt', FORGOTTEN);
    await restart(1);
    for (const each of presented) expect(await connect(each)).toMatchObject({ from: user.subject });
    expect((await endpoint('refresh', { refreshToken })).status).toBe(200);
  });
});
