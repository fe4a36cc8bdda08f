import { expect } from 'expect';
import { passive, refusalOf, say } from '../../harness/app/scenario.ts';
import type { TokenPair } from '../../strategies/shared/tokens/token-pairs.ts';
import { defaultLifetimes } from '../../strategies/shared/lifetimes.ts';
import { expectRefusal, expectSuccess, expectNone } from '../checks/expectations.ts';
import { shortLived } from '../checks/lifetimes.ts';
import { idOf, login, refresh, renew } from '../checks/token-pairs.ts';
import { audit, topic, withoutRefreshJwt, withoutRefreshTokens, withoutRenewalInBand } from '../engine/audit.ts';

const PAST_GRACE = defaultLifetimes.reuseGrace + 1;

export default topic('Refresh', [
  audit('refresh-single-use', 'MUST refuse a refresh token that was used, once its grace is over', {
    source: 'RFC 9700 4.14.2',
    notFor: withoutRefreshTokens,
    inside: async ({ start }) => {
      const scenario = await start();
      const first = await login(scenario, await scenario.user());
      await renew(scenario, first);
      scenario.clock.advance(PAST_GRACE);
      await expectRefusal(refresh(scenario, first), 'token-reused');
    },
  }),
  audit('reuse-revokes-family', 'MUST end the whole family when one of its tokens is used again', {
    source: 'RFC 9700 4.14.2',
    notFor: withoutRefreshTokens,
    inside: async ({ start }) => {
      const scenario = await start();
      const first = await login(scenario, await scenario.user());
      const second = await renew(scenario, first);
      scenario.clock.advance(PAST_GRACE);
      await refusalOf(refresh(scenario, first));
      await expectRefusal(refresh(scenario, second), 'revoked');
    },
  }),
  audit('reuse-kills-live-sockets', 'MUST end the open connections of a family whose token is used again', {
    source: 'RFC 9700 4.14.2',
    notFor: withoutRefreshTokens,
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      let first: TokenPair | undefined;
      const client = scenario.client({
        fetch: async (...args) => {
          const response = await fetch(...args);
          first = (await response.clone().json()) as TokenPair;
          return response;
        },
      });
      await client.signIn(user.username, user.password);
      const socket = await scenario.connect(client, passive);
      await renew(scenario, first!);
      scenario.clock.advance(PAST_GRACE);
      await refusalOf(refresh(scenario, first!));
      await expectRefusal(say(socket), 'token-reused');
    },
  }),
  audit(
    'refresh-lost-ack',
    'SHOULD give the immediate predecessor the same answer within the grace: a lost answer is no theft',
    {
      source: 'RFC 9700 4.14.2',
      notFor: withoutRefreshTokens,
      inside: async ({ start }) => {
        const scenario = await start();
        const first = await login(scenario, await scenario.user());
        await renew(scenario, first);
        const again = await renew(scenario, first);
        await expectSuccess(refresh(scenario, again));
      },
    },
  ),
  audit('replay-after-downgrade', 'MUST bring no lost role back by an answer that is given again', {
    source: 'ASVS 8.3.2',
    notFor: withoutRefreshJwt,
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user(['moderator']);
      const first = await login(scenario, user);
      await renew(scenario, first);
      scenario.app.directory.setRoles(user.subject, []);
      scenario.clock.advance(1);
      const again = await refresh(scenario, first).catch(() => undefined);
      const claims = Buffer.from(again?.accessToken.split('.')[1] ?? '', 'base64url').toString();
      expect(claims).not.toContain('moderator');
    },
  }),
  audit(
    'grace-predecessor-only',
    'MUST treat an older token than the immediate predecessor as used again, within the grace too',
    {
      source: 'RFC 9700 4.14.2',
      notFor: withoutRefreshTokens,
      inside: async ({ start }) => {
        const scenario = await start();
        const first = await login(scenario, await scenario.user());
        await renew(scenario, await renew(scenario, first));
        await expectRefusal(refresh(scenario, first), 'token-reused');
      },
    },
  ),
  audit('refresh-race', 'MUST have one child of one token, however many renew with it at once', {
    source: 'RFC 9700 4.14.2',
    notFor: withoutRefreshJwt,
    inside: async ({ start }) => {
      const scenario = await start();
      const first = await login(scenario, await scenario.user());
      const pairs = await Promise.all(Array.from({ length: 10 }, () => renew(scenario, first)));
      expect(new Set(pairs.map(idOf)).size).toBe(1);
    },
  }),
  audit(
    'renewal-single-flight',
    'SHOULD renew once, and retry each once, however many messages fail for expiry at once',
    {
      notFor: withoutRenewalInBand,
      inside: async ({ start }) => {
        const scenario = await start(shortLived);
        const user = await scenario.user();
        const client = await scenario.signedIn(user);
        const socket = await scenario.connect(client);
        scenario.clock.advance(client.expiresAt! - scenario.clock.now() + 1);
        const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => say(socket, `message ${index}`)));
        expectNone('answers for someone else', answers.filter(({ from }) => from !== user.subject).length);
        expect(socket.counters).toEqual({ renewals: 1, reconnects: 0, retries: 8 });
        expect(scenario.app.counters().renewals).toBe(1);
      },
    },
  ),
  audit('refresh-identity-swap', "MUST end a connection that is renewed with another user's token", {
    notFor: withoutRenewalInBand,
    inside: async ({ start }) => {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()), passive);
      const stranger = await scenario.signedIn(await scenario.user());
      const theirs = await stranger.renewal?.();
      await expectRefusal(socket.request('auth:renew', theirs), 'subject-mismatch');
      expect(await socket.ended).toBe('subject-mismatch');
      // It was not spent: its owner renews with it.
      await expectSuccess(stranger.renew());
    },
  }),
  audit('refresh-sign-in-swap', 'MUST renew no connection with the token of another sign-in', {
    notFor: withoutRenewalInBand,
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const socket = await scenario.connect(await scenario.signedIn(user), passive);
      const other = await scenario.signedIn(user);
      await expectRefusal(socket.request('auth:renew', await other.renewal?.()), 'subject-mismatch');
    },
  }),
  audit('refresh-error-acks', 'MUST answer a bad refresh token by its ack, without the token in it', {
    source: 'ASVS 16.5.1',
    notFor: withoutRenewalInBand,
    inside: async ({ start }) => {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()), passive);
      for (const credential of [null, 1, 'canary', {}, { refreshToken: 'canary' }, { refreshToken: 7 }]) {
        const ack: unknown = await socket.socket.timeout(2000).emitWithAck('auth:renew', credential);
        expect(ack).toMatchObject({ refused: { code: 'unauthenticated' } });
        expect(JSON.stringify(ack)).not.toContain('canary');
      }
    },
  }),
  audit('renewal-unsupported', 'SHOULD say so where there is no renewal in band', {
    notFor: ({ supports }) => (supports.renewal === 'in-band' ? 'there is renewal in band' : undefined),
    inside: async ({ start }) => {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()), passive);
      await expectRefusal(socket.request('auth:renew', {}), 'renewal-unsupported');
    },
  }),
]);
