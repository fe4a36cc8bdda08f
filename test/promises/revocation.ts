import { expect } from 'vitest';
import type { Promised } from '../support/promise.ts';
import { passive, refusalOf, type Scenario, say } from '../support/scenario.ts';
import { delivered } from './expiry.ts';

/** A talker and a silent listener of one user; `end` ends the user's credentials in some way. */
async function endsBoth(
  scenario: Scenario,
  end: (talker: Awaited<ReturnType<Scenario['signedIn']>>, subject: string) => Promise<void> | void,
): Promise<void> {
  const user = await scenario.user();
  const client = await scenario.signedIn(user);
  const talker = await scenario.connectAsThief(client);
  const listener = await scenario.connectAsThief(client, '/notifications');
  await listener.request('subscribe-to-notifications', {});
  expect(await refusalOf(say(talker))).toBeUndefined();
  expect(await delivered(scenario, listener, user.subject)).toBe(true);
  await end(client, user.subject);
  expect(await refusalOf(say(talker))).toBeDefined();
  expect(await delivered(scenario, listener, user.subject)).toBe(false);
}

export const revocation: Promised[] = [
  {
    id: 'logout-this',
    title: 'signing out over HTTP ends the connections of that sign-in, talking and silent',
    run: async ({ start }) => endsBoth(await start(), (client) => client.signOut()),
  },
  {
    id: 'logout-this-alone',
    title: 'signing out leaves the connections of another sign-in alone',
    async run({ start }) {
      const scenario = await start();
      const user = await scenario.user();
      const other = await scenario.connect(await scenario.signedIn(user));
      await (await scenario.signedIn(user)).signOut();
      expect(await refusalOf(say(other))).toBeUndefined();
    },
  },
  {
    id: 'logout-everywhere',
    title: 'signing out everywhere ends the connections of every sign-in of the user, and of no other',
    async run({ start }) {
      const scenario = await start();
      const user = await scenario.user();
      const stranger = await scenario.connect(await scenario.signedIn(await scenario.user()));
      const here = await scenario.signedIn(user);
      const there = await scenario.connectAsThief(await scenario.signedIn(user));
      await here.signOut({ everywhere: true });
      expect(await refusalOf(say(there))).toBeDefined();
      expect(await refusalOf(say(stranger))).toBeUndefined();
    },
  },
  {
    id: 'ban',
    title: 'a ban ends the connections of the user, talking and silent',
    run: async ({ start }) => {
      const scenario = await start();
      await endsBoth(scenario, (_, subject) => scenario.app.directory.setBanned(subject, true));
    },
  },
  {
    id: 'unban-alone',
    title: 'lifting a ban ends nothing',
    async run({ start }) {
      const scenario = await start();
      const user = await scenario.user();
      const socket = await scenario.connect(await scenario.signedIn(user), passive);
      scenario.app.directory.setBanned(user.subject, false);
      expect(await refusalOf(say(socket))).toBeUndefined();
    },
  },
  {
    id: 'credential-change',
    title: 'a new password ends the connections that the old one opened',
    run: async ({ start }) => {
      const scenario = await start();
      await endsBoth(scenario, (_, subject) => scenario.app.directory.setPassword(subject, 'another-password'));
    },
  },
  {
    id: 'stale-roles',
    title: 'a role that was taken away serves no further message, and the room that it opened tells nothing more',
    async run({ start }) {
      const scenario = await start();
      const [user, other] = [await scenario.user(['moderator']), await scenario.user()];
      const client = await scenario.signedIn(user);
      const room = { auth: { room: other.subject } };
      const socket = await scenario.connect(client, { ...passive, ...room });
      const watched = await scenario.connect(await scenario.signedIn(other), room);
      let heard = 0;
      socket.socket.on('message', () => (heard += 1));
      const { id } = await say(watched);
      expect(await refusalOf(socket.request('deleteMessage', { id }))).toBeUndefined();
      expect(heard).toBe(1);
      scenario.app.directory.setRoles(user.subject, []);
      await say(watched);
      expect(await refusalOf(socket.request('deleteMessage', { id }))).toBeDefined();
      expect(heard).toBe(1);
    },
  },
  {
    id: 'reconnect-after-revoke',
    title: 'a credential that was signed out opens no connection',
    async run({ start }) {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      await say(await scenario.connect(client));
      const stolen = client.connectOptions();
      await client.signOut();
      const thief = { ...client, expiresAt: undefined, connectOptions: () => stolen };
      expect(await refusalOf(scenario.connectAsThief(thief))).toMatch(/^(revoked|unauthenticated)$/);
    },
  },
  {
    id: 'revoke-during-handshake',
    title: 'no connection that was being opened during a ban survives it',
    async run({ start }) {
      const scenario = await start();
      const user = await scenario.user();
      const client = await scenario.signedIn(user);
      const opening = Array.from({ length: 12 }, () => scenario.connectAsThief(client).catch(() => undefined));
      await Promise.race(opening);
      scenario.app.directory.setBanned(user.subject, true);
      const opened = (await Promise.all(opening)).filter((socket) => socket !== undefined);
      const codes = await Promise.all(opened.map((socket) => refusalOf(say(socket))));
      expect(codes.filter((code) => code === undefined)).toEqual([]);
    },
  },
];
