import { expect } from 'expect';
import { defaultLifetimes } from '../strategies/shared/lifetimes.ts';
import { systemClock } from '../strategies/shared/clock.ts';
import { type Audit, audit, withoutRefreshTokens } from './audit.ts';
import { delivered, refusalOf, say } from '../harness/scenario.ts';

const LIFETIME = 60_000;
/** Every credential ends after the same minute, so that one promise fits all. */
export const shortLived = {
  lifetimes: { accessToken: LIFETIME, wsToken: LIFETIME, sessionIdle: LIFETIME, absolute: 10 * LIFETIME },
};
const PAST_EXPIRY = LIFETIME + 1000;
const PAST_GRACE = PAST_EXPIRY + defaultLifetimes.renewalGrace;

const hasEnded = (codes: ReadonlySet<string>): boolean =>
  [...codes].some((code) => code !== 'served' && code !== 'unavailable');

export const expiry: Audit[] = [
  audit(
    'expired-at-handshake',
    'MUST refuse CONNECT with an expired credential',
    { source: 'RFC 7519 4.1.4' },
    async ({ start }) => {
      const scenario = await start(shortLived);
      const client = await scenario.signedIn(await scenario.user());
      scenario.clock.advance(PAST_EXPIRY);
      expect(['expired', 'unauthenticated']).toContain(await refusalOf(scenario.connectAsThief(client)));
    },
  ),
  audit(
    'expiry-inbound',
    'MUST refuse the messages of an open connection whose credential has expired',
    { source: 'ASVS 7.3.2' },
    async ({ start }) => {
      const scenario = await start(shortLived);
      const socket = await scenario.connectAsThief(await scenario.signedIn(await scenario.user()));
      expect(await refusalOf(say(socket))).toBeUndefined();
      scenario.clock.advance(PAST_EXPIRY);
      expect(await refusalOf(say(socket))).toBe('expired');
    },
  ),
  audit(
    'expiry-outbound',
    'MUST deliver nothing to a silent listener after expiry and its grace',
    { source: 'ASVS 7.3.2' },
    async ({ start }) => {
      const scenario = await start(shortLived);
      const user = await scenario.user();
      const listener = await scenario.connectAsThief(await scenario.signedIn(user), '/notifications');
      await listener.request('subscribe-to-notifications', {});
      expect(await delivered(scenario, listener, user.subject)).toBe(true);
      scenario.clock.advance(PAST_EXPIRY);
      await scenario.roundTrip();
      scenario.clock.advance(PAST_GRACE - PAST_EXPIRY);
      expect(await delivered(scenario, listener, user.subject)).toBe(false);
      expect(listener.lastCut).toBe('expired');
    },
  ),
  audit(
    'reconnect-fresh-credential',
    'MUST let an honest client go on over several lifetimes without a person',
    {},
    async ({ start }) => {
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
  ),
  audit(
    'late-sign-out',
    'MUST let a client sign out after its refresh token has run out',
    { source: 'ASVS 7.4.1', notFor: withoutRefreshTokens },
    async ({ start }) => {
      const lifetimes = { ...shortLived.lifetimes, refreshToken: LIFETIME, wsToken: 5 * LIFETIME };
      const scenario = await start({ lifetimes });
      const client = await scenario.signedIn(await scenario.user());
      await say(await scenario.connect(client));
      scenario.clock.advance(PAST_EXPIRY);
      const stolen = client.connectOptions();
      expect(await refusalOf(client.signOut())).toBeUndefined();
      const thief = { ...client, expiresAt: undefined, connectOptions: () => stolen };
      expect(['revoked', 'expired', 'unauthenticated']).toContain(await refusalOf(scenario.connectAsThief(thief)));
    },
  ),
  audit(
    'absolute-lifetime',
    'MUST end every sign-in at its absolute lifetime, however active or renewed',
    {
      source: 'ASVS 7.3.2',
      notFor: ({ supports }) => (supports.renewal === 'none' ? 'nothing is renewed' : undefined),
    },
    async ({ start }) => {
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
      expect(hasEnded(codes)).toBe(true);
    },
  ),
  audit(
    'clock-skew',
    'MUST accept a credential until it expires, and not 5 s longer',
    { source: 'RFC 7519 4.1.4' },
    async ({ start }) => {
      const scenario = await start(shortLived);
      const client = await scenario.signedIn(await scenario.user());
      const { expiresAt } = client;
      expect(expiresAt).toBeDefined();
      const opens = async () => (await refusalOf(scenario.connectAsThief(client))) === undefined;
      scenario.clock.advance(expiresAt! - 1000 - scenario.clock.now());
      expect(await opens()).toBe(true);
      // A look at a session may move its end: it is looked at once more, and no earlier.
      scenario.clock.advance(5000 + LIFETIME);
      expect(await opens()).toBe(false);
    },
  ),
  audit(
    'timer-bounds',
    'MUST keep a connection whose credential lives longer than a timer can wait',
    {},
    async ({ start }) => {
      const month = 30 * 24 * 3_600_000;
      const lifetimes = { accessToken: month, wsToken: month, sessionIdle: month, absolute: 2 * month };
      const scenario = await start({ lifetimes, clock: systemClock });
      const socket = await scenario.connectAsThief(await scenario.signedIn(await scenario.user()));
      // setTimeout takes more than 2^31 ms for none: it would have fired by now.
      for (let round = 0; round < 10; round++) expect(await refusalOf(say(socket))).toBeUndefined();
      expect(scenario.app.counters().open).toBe(1);
    },
  ),
  audit(
    'expiry-signal',
    'MUST tell a client that it was cut for expiry apart from one that was banned',
    { source: 'RFC 6750 3.1' },
    async ({ start }) => {
      const scenario = await start(shortLived);
      const banned = await scenario.user();
      const [late, cut] = [
        await scenario.connectAsThief(await scenario.signedIn(await scenario.user())),
        await scenario.connectAsThief(await scenario.signedIn(banned)),
      ];
      scenario.app.directory.setBanned(banned.subject, true);
      expect(await refusalOf(say(cut))).toBe('banned');
      scenario.clock.advance(PAST_EXPIRY);
      expect(await refusalOf(say(late))).toBe('expired');
    },
  ),
];
