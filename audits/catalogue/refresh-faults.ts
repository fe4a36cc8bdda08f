import { expect } from 'expect';
import { type Scenario, passive, refusalOf, say } from '../../harness/app/scenario.ts';
import { TokenService } from '../../strategies/shared/tokens/token-service.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import { defaultLifetimes } from '../../strategies/shared/lifetimes.ts';
import { expectNone, expectRefusal, expectSuccess } from '../checks/expectations.ts';
import { shortLived } from '../checks/lifetimes.ts';
import { idOf, login, refresh, renew } from '../checks/token-pairs.ts';
import { audit, topic, withoutRefreshJwt, withoutRefreshTokens, withoutRenewalInBand } from '../engine/audit.ts';
import { BrokenPromise } from '../broken-promise.ts';

/** The next call of that method fails; every other goes through. */
function failsOnce<T extends object>(of: T, method: keyof T & string): void {
  const whole = of[method];
  (of as Record<string, unknown>)[method] = async () => {
    of[method] = whole;
    throw new Error('It failed half way');
  };
}

const toExpiry = (scenario: Scenario, expiresAt: number | undefined): void =>
  scenario.clock.advance((expiresAt ?? 0) - scenario.clock.now() + 1);

/** Renewals that fail half way, or that race with a sign-out or a ban. */
export default topic('Refresh', [
  audit(
    'refresh-crash',
    'MUST neither lose nor condemn a sign-in whose renewal failed half way, before it was stored or after',
    {
      source: 'RFC 9700 4.14.2',
      destructive: true,
      notFor: withoutRefreshJwt,
      inside: async ({ start }) => {
        const scenario = await start();
        const first = await login(scenario, await scenario.user());
        // Before: the user is looked up ahead of the rotation. After: the pair is signed last.
        failsOnce(scenario.app.directory, 'find');
        await expectRefusal(refresh(scenario, first));
        const { issuer } = scenario.app.app.get<TokenService>(TokenService, { strict: false });
        failsOnce(issuer, 'issue');
        await expectRefusal(refresh(scenario, first));
        const second = await renew(scenario, first);
        expect(idOf(second)).not.toBe(idOf(first));
        await expectSuccess(refresh(scenario, second));
      },
    },
  ),
  audit('refresh-withheld', 'MUST cut a client that was asked to renew and does not, when its grace is over', {
    source: 'ASVS 7.3.2',
    notFor: withoutRenewalInBand,
    inside: async ({ start }) => {
      const scenario = await start(shortLived);
      const client = await scenario.signedIn(await scenario.user());
      const socket = await scenario.connectAsThief(client);
      const asked = new Promise<boolean>((resolve) => {
        socket.socket.once('auth:renew', () => resolve(true));
        void socket.ended.then(() => resolve(false));
        setTimeout(() => resolve(false), 2000).unref();
      });
      toExpiry(scenario, client.expiresAt);
      if (!(await asked)) throw new BrokenPromise('the client to be asked to renew', 'it was not');
      scenario.clock.advance(defaultLifetimes.renewalGrace + 1);
      expect(await socket.ended).toBe('expired');
    },
  }),
  audit(
    'refresh-pipelining',
    'MUST answer each of a renewal and the messages around it in one burst, and go on afterwards',
    {
      notFor: withoutRenewalInBand,
      inside: async ({ start }) => {
        const scenario = await start(shortLived);
        const user = await scenario.user();
        const client = await scenario.signedIn(user);
        const socket = await scenario.connectAsThief(client);
        await say(socket);
        toExpiry(scenario, client.expiresAt);
        const credential = await client.renewal?.();
        const [before, renewed, after] = await Promise.all([
          refusalOf(say(socket)),
          refusalOf(socket.request('auth:renew', credential)),
          refusalOf(say(socket)),
        ]);
        expect(before).toBe('expired');
        expect(renewed).toBeUndefined();
        expect(['expired', undefined]).toContain(after);
        expect(await say(socket)).toMatchObject({ from: user.subject });
      },
    },
  ),
  audit('refresh-storm', 'MUST bring everyone through an expiry that all share, each by one renewal', {
    source: 'ASVS 7.3.2',
    destructive: true,
    notFor: withoutRenewalInBand,
    inside: async ({ start }) => {
      const scenario = await start({ ...shortLived, limits: false });
      // One after the other: a server may refuse forty sign-ins of one address at once.
      const clients: StrategyClient[] = [];
      while (clients.length < 40) {
        const { username, password } = await scenario.user();
        const client = scenario.client();
        await client.signIn(username, password);
        clients.push(client);
      }
      scenario.clock.advance(1);
      const sockets = await Promise.all(clients.map((client) => scenario.connect(client)));
      toExpiry(scenario, clients[0]?.expiresAt);
      const refused = await Promise.all(sockets.map((socket) => refusalOf(say(socket))));
      expectNone('refused messages', refused.filter((code) => code !== undefined).length);
      expect(scenario.app.counters()).toMatchObject({ open: 40, renewals: 40, cut: {} });
    },
  }),
  audit('refresh-secret-echo', 'MUST repeat no refresh token in the error that refuses it', {
    source: 'ASVS 16.5.1',
    notFor: withoutRefreshTokens,
    inside: async ({ start }) => {
      const scenario = await start();
      const spent = await login(scenario, await scenario.user());
      await renew(scenario, spent);
      scenario.clock.advance(defaultLifetimes.reuseGrace + 1);
      for (const refreshToken of [spent.refreshToken, `${spent.refreshToken}x`, 'canary', ['canary'], { canary: 1 }]) {
        const response = await fetch(`${scenario.app.url}/auth/refresh`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ refreshToken }),
        });
        const answer = `${JSON.stringify([...response.headers])}${await response.text()}`;
        expect(answer).not.toContain('canary');
        expect(answer).not.toContain(spent.refreshToken);
      }
    },
  }),
  audit('refresh-while-leaving', 'MUST hand nothing out to whom it is signing out at that moment', {
    source: 'ASVS 7.4.1',
    notFor: withoutRenewalInBand,
    inside: async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      const socket = await scenario.connect(client, passive);
      const credential = await client.renewal?.();
      const renewal = refusalOf(socket.request('auth:renew', credential));
      await client.signOut();
      await renewal;
      await expectRefusal(say(socket));
    },
  }),
]);
