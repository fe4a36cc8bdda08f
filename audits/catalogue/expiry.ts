import { expect } from 'expect';
import { refusalOf, say } from '../../harness/app/scenario.ts';
import { defaultLifetimes } from '../../strategies/shared/lifetimes.ts';
import { systemClock } from '../../strategies/shared/clock.ts';
import { expectDelivery, expectNoDelivery, expectRefusal, expectSuccess } from '../checks/expectations.ts';
import { LIFETIME, shortLived } from '../checks/lifetimes.ts';
import { audit, topic, withoutRefreshTokens } from '../engine/audit.ts';
import { BrokenPromise } from '../broken-promise.ts';
import { endsCredential, endsMessages, expiring } from '../remote/ends.ts';
import { withoutExpiredCredential, withoutExpiry } from '../remote/needs.ts';

const PAST_EXPIRY = LIFETIME + 1000;
const PAST_GRACE = PAST_EXPIRY + defaultLifetimes.renewalGrace;

const hasEnded = (codes: ReadonlySet<string>): boolean =>
  [...codes].some((code) => code !== 'served' && code !== 'unavailable');

export default topic('Expiry', [
  audit('expiry-inbound', 'MUST refuse the messages of an open connection whose credential has expired', {
    source: 'ASVS 7.3.2',
    inside: async ({ start }) => {
      const scenario = await start(shortLived);
      const socket = await scenario.connectAsThief(await scenario.signedIn(await scenario.user()));
      await expectSuccess(say(socket));
      scenario.clock.advance(PAST_EXPIRY);
      await expectRefusal(say(socket), 'expired');
    },
    remote: { missing: withoutExpiry, run: (probe) => endsMessages(probe, expiring) },
  }),
  audit('expired-at-handshake', 'MUST refuse CONNECT with an expired credential', {
    source: 'RFC 7519 4.1.4',
    inside: async ({ start }) => {
      const scenario = await start(shortLived);
      const client = await scenario.signedIn(await scenario.user());
      scenario.clock.advance(PAST_EXPIRY);
      await expectRefusal(scenario.connectAsThief(client), 'expired', 'unauthenticated');
    },
    remote: { missing: withoutExpiredCredential, run: (probe) => endsCredential(probe, expiring) },
  }),
  audit('expiry-outbound', 'MUST deliver nothing to a silent listener after expiry and its grace', {
    source: 'ASVS 7.3.2',
    inside: async ({ start }) => {
      const scenario = await start(shortLived);
      const user = await scenario.user();
      const listener = await scenario.connectAsThief(await scenario.signedIn(user), '/notifications');
      await listener.request('subscribe-to-notifications', {});
      await expectDelivery(scenario, listener, user.subject);
      scenario.clock.advance(PAST_EXPIRY);
      await scenario.roundTrip();
      scenario.clock.advance(PAST_GRACE - PAST_EXPIRY);
      await expectNoDelivery(scenario, listener, user.subject);
      expect(listener.lastCut).toBe('expired');
    },
  }),
  audit('reconnect-fresh-credential', 'MUST let an honest client go on over several lifetimes without a person', {
    inside: async ({ start }) => {
      const scenario = await start(shortLived);
      const user = await scenario.user();
      const socket = await scenario.connect(await scenario.signedIn(user));
      await say(socket);
      for (let time = 0; time < 3 * LIFETIME; time += LIFETIME / 2) {
        scenario.clock.advance(LIFETIME / 2 + 1);
        expect(await say(socket)).toMatchObject({ from: user.subject });
        // A second one: by its answer, the server has had whatever the client acknowledged before it.
        expect(await say(socket)).toMatchObject({ from: user.subject });
      }
    },
  }),
  audit('late-sign-out', 'MUST let a client sign out after its refresh token has run out', {
    source: 'ASVS 7.4.1',
    notFor: withoutRefreshTokens,
    inside: async ({ start }) => {
      const lifetimes = { ...shortLived.lifetimes, refreshToken: LIFETIME, wsToken: 5 * LIFETIME };
      const scenario = await start({ lifetimes });
      const client = await scenario.signedIn(await scenario.user());
      await say(await scenario.connect(client));
      scenario.clock.advance(PAST_EXPIRY);
      const stolen = client.connectOptions();
      await expectSuccess(client.signOut());
      const thief = { ...client, expiresAt: undefined, connectOptions: () => stolen };
      await expectRefusal(scenario.connectAsThief(thief), 'revoked', 'expired', 'unauthenticated');
    },
  }),
  audit('absolute-lifetime', 'MUST end every sign-in at its absolute lifetime, however active or renewed', {
    source: 'ASVS 7.3.2',
    notFor: ({ supports }) => (supports.renewal === 'none' ? 'nothing is renewed' : undefined),
    inside: async ({ start }) => {
      const scenario = await start(shortLived);
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
      const codes = new Set<string>();
      // A renewal that is under way as the clock moves on may be refused as `unavailable`, which ends nothing.
      const hear = async () => codes.add((await refusalOf(say(socket))) ?? 'served');
      await hear();
      for (let time = 0; time < 11 * LIFETIME && !hasEnded(codes); time += LIFETIME / 2) {
        scenario.clock.advance(LIFETIME / 2 + 1);
        await hear();
        await hear();
      }
      expect(codes).toContain('served');
      if (!hasEnded(codes))
        throw new BrokenPromise('a refusal after the absolute lifetime', 'every message was handled');
    },
  }),
  audit('clock-skew', 'MUST accept a credential until it expires, and not 5 s longer', {
    source: 'RFC 7519 4.1.4',
    inside: async ({ start }) => {
      const scenario = await start(shortLived);
      const client = await scenario.signedIn(await scenario.user());
      const { expiresAt } = client;
      if (expiresAt === undefined)
        throw new BrokenPromise('the client to know when its credential ends', 'it does not');
      scenario.clock.advance(expiresAt - 1000 - scenario.clock.now());
      await expectSuccess(scenario.connectAsThief(client));
      // A look at a session may move its end: it is looked at once more, and no earlier.
      scenario.clock.advance(5000 + LIFETIME);
      await expectRefusal(scenario.connectAsThief(client));
    },
  }),
  audit('timer-bounds', 'MUST keep a connection whose credential lives longer than a timer can wait', {
    inside: async ({ start }) => {
      const month = 30 * 24 * 3_600_000;
      const lifetimes = { accessToken: month, wsToken: month, sessionIdle: month, absolute: 2 * month };
      const scenario = await start({ lifetimes, clock: systemClock });
      const socket = await scenario.connectAsThief(await scenario.signedIn(await scenario.user()));
      // setTimeout takes more than 2^31 ms for none: it would have fired by now.
      for (let round = 0; round < 10; round++) await expectSuccess(say(socket));
      expect(scenario.app.counters().open).toBe(1);
    },
  }),
  audit('expiry-signal', 'MUST tell a client that it was cut for expiry apart from one that was banned', {
    source: 'RFC 6750 3.1',
    inside: async ({ start }) => {
      const scenario = await start(shortLived);
      const banned = await scenario.user();
      const [late, cut] = [
        await scenario.connectAsThief(await scenario.signedIn(await scenario.user())),
        await scenario.connectAsThief(await scenario.signedIn(banned)),
      ];
      scenario.app.directory.setBanned(banned.subject, true);
      await expectRefusal(say(cut), 'banned');
      scenario.clock.advance(PAST_EXPIRY);
      await expectRefusal(say(late), 'expired');
    },
  }),
]);
