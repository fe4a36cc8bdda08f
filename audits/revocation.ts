import { expect } from 'expect';
import { type Audit, audit } from './audit.ts';
import { connectFrame } from '../harness/raw-transport.ts';
import { countPosts, delivered, passive, refusalOf, type Scenario, say } from '../harness/scenario.ts';

/** A talker and a silent listener of one user; `end` ends the user's credentials in some way. */
export async function endsBoth(
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

export const revocation: Audit[] = [
  audit(
    'logout-this',
    'MUST end the connections of a sign-in that is signed out, talking and silent',
    { source: 'ASVS 7.4.1' },
    async ({ start }) => endsBoth(await start(), (client) => client.signOut()),
  ),
  audit(
    'logout-this-alone',
    'MUST leave the connections of another sign-in alone when one is signed out',
    {},
    async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const other = await scenario.connect(await scenario.signedIn(user));
      await (await scenario.signedIn(user)).signOut();
      expect(await refusalOf(say(other))).toBeUndefined();
    },
  ),
  audit(
    'logout-everywhere',
    "MUST end every sign-in of a user who signs out everywhere, and nobody else's",
    { source: 'ASVS 7.5.2' },
    async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const stranger = await scenario.connect(await scenario.signedIn(await scenario.user()));
      const here = await scenario.signedIn(user);
      const there = await scenario.connectAsThief(await scenario.signedIn(user));
      await here.signOut({ everywhere: true });
      expect(await refusalOf(say(there))).toBeDefined();
      expect(await refusalOf(say(stranger))).toBeUndefined();
    },
  ),
  audit(
    'ban',
    'MUST end the connections of a banned user, talking and silent',
    { source: 'ASVS 7.4.2' },
    async ({ start }) => {
      const scenario = await start();
      await endsBoth(scenario, (_, subject) => scenario.app.directory.setBanned(subject, true));
    },
  ),
  audit('unban-alone', 'MUST end nothing when a ban is lifted', {}, async ({ start }) => {
    const scenario = await start();
    const user = await scenario.user();
    const socket = await scenario.connect(await scenario.signedIn(user), passive);
    scenario.app.directory.setBanned(user.subject, false);
    expect(await refusalOf(say(socket))).toBeUndefined();
  }),
  audit(
    'credential-change',
    'MUST end the connections that an old password opened, once there is a new one',
    { source: 'ASVS 7.4.3' },
    async ({ start }) => {
      const scenario = await start();
      await endsBoth(scenario, (_, subject) => scenario.app.directory.setPassword(subject, 'another-password'));
    },
  ),
  audit(
    'stale-roles',
    'MUST serve no message, and deliver nothing, by a role that was taken away',
    { source: 'ASVS 8.3.2' },
    async ({ start }) => {
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
  ),
  audit(
    'reconnect-after-revoke',
    'MUST refuse CONNECT with a credential that was signed out',
    { source: 'ASVS 7.4.1' },
    async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      await say(await scenario.connect(client));
      const stolen = client.connectOptions();
      await client.signOut();
      const thief = { ...client, expiresAt: undefined, connectOptions: () => stolen };
      expect(['revoked', 'unauthenticated']).toContain(await refusalOf(scenario.connectAsThief(thief)));
    },
  ),
  audit(
    'revoke-during-handshake',
    'MUST end the connections that were being opened during a ban',
    { source: 'ASVS 15.4.2' },
    async ({ start }) => {
      const scenario = await start({ limits: false });
      const user = await scenario.user();
      const client = await scenario.signedIn(user);
      const opening = Array.from({ length: 200 }, () =>
        scenario.connectAsThief(client, '/notifications').catch(() => undefined),
      );
      await Promise.race(opening);
      scenario.app.directory.setBanned(user.subject, true);
      const opened = (await Promise.all(opening)).filter((socket) => socket !== undefined);
      // Each is asked what is told to nobody else: a message to all of them would be 40,000.
      const acts = opened.map((socket) => socket.request('subscribe-to-notifications', {}));
      const codes = await Promise.all(acts.map(refusalOf));
      expect(codes.filter((code) => code === undefined)).toHaveLength(0);
    },
  ),
  audit(
    'post-revocation-execution',
    'MUST handle none of the events that were on their way when the connection was cut',
    { source: 'ASVS 7.4.1' },
    async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const socket = await scenario.connectAsThief(await scenario.signedIn(user));
      expect(await refusalOf(say(socket))).toBeUndefined();
      const handled = countPosts(scenario);
      for (let event = 0; event < 50; event++) socket.socket.emit('sendMessage', { text: 'one more' });
      scenario.app.directory.setBanned(user.subject, true);
      await Promise.race([socket.ended, refusalOf(say(socket))]);
      expect(handled()).toBe(0);
    },
  ),
  audit(
    'post-revocation-delivery',
    'MUST deliver nothing that is sent after the connection was cut',
    { source: 'ASVS 7.4.1' },
    async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const listener = await scenario.connectAsThief(await scenario.signedIn(user), '/notifications');
      await listener.request('subscribe-to-notifications', {});
      expect(await delivered(scenario, listener, user.subject)).toBe(true);
      let heard = 0;
      listener.socket.on('notification', () => (heard += 1));
      scenario.app.directory.setBanned(user.subject, true);
      for (let push = 0; push < 50; push++) scenario.app.push(user.subject, { text: 'too late' });
      await Promise.race([listener.ended, scenario.roundTrip().then(() => scenario.roundTrip())]);
      expect(heard).toBe(0);
    },
  ),
  audit(
    'same-transport-reconnect',
    'MUST close the transport of a connection that it cuts, so that CONNECT cannot follow on it',
    { source: 'ASVS 7.4.1' },
    async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const presented = (await scenario.signedIn(user)).connectOptions();
      const transport = await scenario.raw(presented);
      transport.send(connectFrame('/chat', presented.auth));
      expect(await transport.frame(/^40/)).toBeDefined();
      scenario.app.directory.setBanned(user.subject, true);
      expect(await transport.closes()).toBe(true);
    },
  ),
  audit(
    'recovery-bypass',
    'MUST restore no connection by its id: what was cut comes back by its credential alone',
    {},
    async ({ start }) => {
      const scenario = await start();
      const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
      const transport = await scenario.raw(presented);
      transport.send(connectFrame('/chat', { ...presented.auth, pid: 'someone', offset: 'anything' }));
      const answer = await transport.frame(/^4[04]/);
      expect(answer).toMatch(/^40/);
      expect(answer).not.toContain('"pid"');
    },
  ),
];
