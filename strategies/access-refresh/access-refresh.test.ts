import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { until } from '../../test/support/gate.ts';
import { delivered, passive, refusalOf, Scenario, say } from '../../harness/app/scenario.ts';
import { TokenIssuer } from '../shared/tokens/token-issuer.ts';
import type { TokenPair } from '../shared/tokens/token-pairs.ts';
import { defaultLifetimes } from '../shared/lifetimes.ts';
import { type IssuedCredential, type StrategyClient, type VariantName } from '../strategy.ts';
import strategy from './index.ts';

async function start(variant: VariantName = 'hardened'): Promise<Scenario> {
  const scenario = await Scenario.start(strategy, variant);
  onTestFinished(() => scenario.dispose());
  return scenario;
}

const untilExpiry = ({ clock }: Scenario, client: StrategyClient): number => client.expiresAt! - clock.now();
const claimsOf = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

describe('a renewal on the connection', () => {
  it('whose ack was lost is sent again and answered the same: nobody is taken for a thief', async () => {
    const scenario = await start();
    const client = await scenario.signedIn(await scenario.user());
    const socket = await scenario.connect(client, passive);
    const credential = await client.renewal?.();
    const renew = async () =>
      (await socket.request<{ credential: IssuedCredential & TokenPair }>('auth:renew', credential)).credential;
    const lost = await renew();
    scenario.clock.advance(defaultLifetimes.reuseGrace);
    const again = await renew();
    expect(claimsOf(again.refreshToken)).toEqual(claimsOf(lost.refreshToken));
    expect(claimsOf(again.accessToken)).toEqual(claimsOf(lost.accessToken));
    await client.accept?.(again);
    expect(await refusalOf(client.renew())).toBeUndefined();
    expect(await refusalOf(say(socket))).toBeUndefined();
  });

  it('with a token used before, past the grace, ends all connections of that sign-in and no other', async () => {
    const scenario = await start();
    const user = await scenario.user();
    const client = await scenario.signedIn(user);
    const [talker, listener] = [
      await scenario.connect(client, passive),
      await scenario.connect(client, passive, '/notifications'),
    ];
    const other = await scenario.connect(await scenario.signedIn(user), passive);
    const stolen = await client.renewal?.();
    await client.renew();
    scenario.clock.advance(defaultLifetimes.reuseGrace + 1);
    talker.socket.emit('auth:renew', stolen);
    expect(await Promise.all([talker.ended, listener.ended])).toEqual(['token-reused', 'token-reused']);
    expect(await refusalOf(say(other))).toBeUndefined();
  });

  it('is asked for at expiry, so that a client that only listens lives on', async () => {
    const scenario = await start();
    const user = await scenario.user();
    const client = await scenario.signedIn(user);
    const listener = await scenario.connect(client, {}, '/notifications');
    await listener.request('subscribe-to-notifications', {});
    for (let renewals = 1; renewals <= 3; renewals++) {
      scenario.clock.advance(untilExpiry(scenario, client));
      await until(() => listener.counters.renewals === renewals);
      scenario.clock.advance(defaultLifetimes.renewalGrace + 1);
      expect(await delivered(scenario, listener, user.subject)).toBe(true);
    }
    expect(listener.counters).toEqual({ renewals: 3, reconnects: 0, retries: 0 });
  });

  it('that does not come is waited for until the grace is over', async () => {
    const scenario = await start();
    const client = await scenario.signedIn(await scenario.user());
    const socket = await scenario.connect(client, passive);
    scenario.clock.advance(untilExpiry(scenario, client) + defaultLifetimes.renewalGrace - 1);
    expect(await refusalOf(say(socket))).toBe('expired');
    expect(socket.socket.connected).toBe(true);
    scenario.clock.advance(1);
    expect(await socket.ended).toBe('expired');
  });
});

describe('signatures', () => {
  it.each([
    ['as-published', 11],
    ['hardened', 1],
  ] as const)('%s: are verified %i times for a CONNECT and ten messages', async (variant, times) => {
    const scenario = await start(variant);
    const client = await scenario.signedIn(await scenario.user());
    const verified = vi.spyOn(TokenIssuer.prototype, 'verify');
    onTestFinished(() => verified.mockRestore());
    const socket = await scenario.connect(client, passive);
    for (let message = 0; message < 10; message++) await say(socket);
    expect(verified).toHaveBeenCalledTimes(times);
  });
});
