import { expect } from 'vitest';
import { defaultLifetimes } from '../../strategies/strategy.ts';
import type { Promised } from '../support/promise.ts';
import { refusalOf, type Scenario, say } from '../support/scenario.ts';

const LIFETIME = 60_000;
/** Every credential ends after the same minute, so that one promise fits all. */
export const shortLived = {
  lifetimes: { accessToken: LIFETIME, wsToken: LIFETIME, sessionIdle: LIFETIME, absolute: 10 * LIFETIME },
};
const PAST_EXPIRY = LIFETIME + 1000;
const PAST_GRACE = PAST_EXPIRY + defaultLifetimes.renewalGrace;

const authenticated = { applies: ({ supports }) => supports.credential } satisfies Pick<Promised, 'applies'>;

/** Whether a notification sent now reaches the socket: one that was cut or left out does not get it. */
export async function delivered(
  scenario: Scenario,
  listener: Awaited<ReturnType<Scenario['connect']>>,
  subject: string,
) {
  const over = new Promise<false>((resolve) => {
    if (!listener.socket.connected) resolve(false);
    listener.socket.once('disconnect', () => resolve(false));
  });
  const got = new Promise<true>((resolve) => listener.socket.once('notification', () => resolve(true)));
  scenario.app.push(subject, { text: 'news' });
  return Promise.race([got, over]);
}

export const expiry: Promised[] = [
  {
    id: 'expired-at-handshake',
    title: 'an expired credential opens no connection',
    ...authenticated,
    async run({ start }) {
      const scenario = await start(shortLived);
      const client = await scenario.signedIn(await scenario.user());
      scenario.clock.advance(PAST_EXPIRY);
      expect(await refusalOf(scenario.connectAsThief(client))).toMatch(/^(expired|unauthenticated)$/);
    },
  },
  {
    id: 'expiry-inbound',
    title: 'after expiry, messages on the open connection are refused',
    ...authenticated,
    async run({ start }) {
      const scenario = await start(shortLived);
      const socket = await scenario.connectAsThief(await scenario.signedIn(await scenario.user()));
      expect(await refusalOf(say(socket))).toBeUndefined();
      scenario.clock.advance(PAST_EXPIRY);
      expect(await refusalOf(say(socket))).toBe('expired');
    },
  },
  {
    id: 'expiry-outbound',
    title: 'after expiry and its grace, a silent listener receives nothing',
    ...authenticated,
    async run({ start }) {
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
  },
  {
    id: 'reconnect-fresh-credential',
    title: 'a client that talks on loses no message over three lifetimes, and needs no person',
    async run({ start }) {
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
  },
  {
    id: 'late-sign-out',
    title: 'who signs out after the refresh token has run out is signed out all the same',
    applies: (_, { httpLegs }) => httpLegs.includes('refresh'),
    async run({ start }) {
      const lifetimes = { ...shortLived.lifetimes, refreshToken: LIFETIME, wsToken: 5 * LIFETIME };
      const scenario = await start({ lifetimes });
      const client = await scenario.signedIn(await scenario.user());
      await say(await scenario.connect(client));
      scenario.clock.advance(PAST_EXPIRY);
      const stolen = client.connectOptions();
      expect(await refusalOf(client.signOut())).toBeUndefined();
      const thief = { ...client, expiresAt: undefined, connectOptions: () => stolen };
      expect(await refusalOf(scenario.connectAsThief(thief))).toMatch(/^(revoked|expired|unauthenticated)$/);
    },
  },
  {
    id: 'absolute-lifetime',
    title: 'no sign-in outlives its absolute lifetime, however active or renewed',
    applies: ({ supports }) => supports.credential && supports.renewal !== 'none',
    async run({ start }) {
      const scenario = await start(shortLived);
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
      const codes = new Set<string | undefined>();
      await say(socket);
      for (let time = 0; time < 11 * LIFETIME && codes.size < 2; time += LIFETIME / 2) {
        scenario.clock.advance(LIFETIME / 2 + 1);
        codes.add(await refusalOf(say(socket)));
        codes.add(await refusalOf(say(socket)));
      }
      expect(codes.size).toBe(2);
    },
  },
];
