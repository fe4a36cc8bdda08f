import { expect } from 'expect';
import { connectFrame } from '../../harness/app/raw-transport.ts';
import { countPosts, passive, refusalOf, say } from '../../harness/app/scenario.ts';
import { endsBoth } from '../checks/ends-both.ts';
import {
  expectClosed,
  expectDelivery,
  expectFrame,
  expectJoined,
  expectNone,
  expectRefusal,
  expectSuccess,
} from '../checks/expectations.ts';
import { audit, topic } from '../engine/audit.ts';
import { banning, endsConnections, endsCredential, signingOut } from '../remote/ends.ts';
import { withoutBan, withoutLogout } from '../remote/needs.ts';

export default topic('Revocation', [
  audit('logout-this', 'MUST end the connections of a sign-in that is signed out, talking and silent', {
    source: 'ASVS 7.4.1',
    inside: async ({ start }) => endsBoth(await start(), (client) => client.signOut()),
    remote: { missing: withoutLogout, run: (probe) => endsConnections(probe, signingOut) },
  }),
  audit('logout-this-alone', 'MUST leave the connections of another sign-in alone when one is signed out', {
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const other = await scenario.connect(await scenario.signedIn(user));
      await (await scenario.signedIn(user)).signOut();
      await expectSuccess(say(other));
    },
  }),
  audit('logout-everywhere', "MUST end every sign-in of a user who signs out everywhere, and nobody else's", {
    source: 'ASVS 7.5.2',
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const stranger = await scenario.connect(await scenario.signedIn(await scenario.user()));
      const here = await scenario.signedIn(user);
      const there = await scenario.connectAsThief(await scenario.signedIn(user));
      await here.signOut({ everywhere: true });
      await expectRefusal(say(there));
      await expectSuccess(say(stranger));
    },
  }),
  audit('ban', 'MUST end the connections of a banned user, talking and silent', {
    source: 'ASVS 7.4.2',
    inside: async ({ start }) => {
      const scenario = await start();
      await endsBoth(scenario, (_, subject) => scenario.app.directory.setBanned(subject, true));
    },
    remote: { missing: withoutBan, run: (probe) => endsConnections(probe, banning) },
  }),
  audit('banned-at-handshake', 'MUST refuse CONNECT with the credential of a banned user', {
    source: 'ASVS 7.4.2',
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const client = await scenario.signedIn(user);
      scenario.app.directory.setBanned(user.subject, true);
      await expectRefusal(scenario.connectAsThief(client));
    },
    remote: { missing: withoutBan, run: (probe) => endsCredential(probe, banning) },
  }),
  audit('unban-alone', 'MUST end nothing when a ban is lifted', {
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const socket = await scenario.connect(await scenario.signedIn(user), passive);
      scenario.app.directory.setBanned(user.subject, false);
      await expectSuccess(say(socket));
    },
  }),
  audit('credential-change', 'MUST end the connections that an old password opened, once there is a new one', {
    source: 'ASVS 7.4.3',
    inside: async ({ start }) => {
      const scenario = await start();
      await endsBoth(scenario, (_, subject) => scenario.app.directory.setPassword(subject, 'another-password'));
    },
  }),
  audit('stale-roles', 'MUST serve no message, and deliver nothing, by a role that was taken away', {
    source: 'ASVS 8.3.2',
    inside: async ({ start }) => {
      const scenario = await start();
      const [user, other] = [await scenario.user(['moderator']), await scenario.user()];
      const client = await scenario.signedIn(user);
      const room = { auth: { room: other.subject } };
      const socket = await scenario.connect(client, { ...passive, ...room });
      const watched = await scenario.connect(await scenario.signedIn(other), room);
      let heard = 0;
      socket.socket.on('message', () => (heard += 1));
      const { id } = await say(watched);
      await expectSuccess(socket.request('deleteMessage', { id }));
      expect(heard).toBe(1);
      scenario.app.directory.setRoles(user.subject, []);
      await say(watched);
      await expectRefusal(socket.request('deleteMessage', { id }));
      expect(heard).toBe(1);
    },
  }),
  audit('reconnect-after-revoke', 'MUST refuse CONNECT with a credential that was signed out', {
    source: 'ASVS 7.4.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      await say(await scenario.connect(client));
      const stolen = client.connectOptions();
      await client.signOut();
      const thief = { ...client, expiresAt: undefined, connectOptions: () => stolen };
      await expectRefusal(scenario.connectAsThief(thief), 'revoked', 'unauthenticated');
    },
    remote: { missing: withoutLogout, run: (probe) => endsCredential(probe, signingOut) },
  }),
  audit('revoke-during-handshake', 'MUST end the connections that were being opened during a ban', {
    source: 'ASVS 15.4.2',
    inside: async ({ start }) => {
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
      expectNone('accepted messages', codes.filter((code) => code === undefined).length);
    },
  }),
  audit(
    'post-revocation-execution',
    'MUST handle none of the events that were on their way when the connection was cut',
    {
      source: 'ASVS 7.4.1',
      inside: async ({ start }) => {
        const scenario = await start();
        const user = await scenario.user();
        const socket = await scenario.connectAsThief(await scenario.signedIn(user));
        await expectSuccess(say(socket));
        const handled = countPosts(scenario);
        for (let event = 0; event < 50; event++) socket.socket.emit('sendMessage', { text: 'one more' });
        scenario.app.directory.setBanned(user.subject, true);
        await Promise.race([socket.ended, refusalOf(say(socket))]);
        expectNone('handled messages', handled());
      },
    },
  ),
  audit('post-revocation-delivery', 'MUST deliver nothing that is sent after the connection was cut', {
    source: 'ASVS 7.4.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const listener = await scenario.connectAsThief(await scenario.signedIn(user), '/notifications');
      await listener.request('subscribe-to-notifications', {});
      await expectDelivery(scenario, listener, user.subject);
      let heard = 0;
      listener.socket.on('notification', () => (heard += 1));
      scenario.app.directory.setBanned(user.subject, true);
      for (let push = 0; push < 50; push++) scenario.app.push(user.subject, { text: 'too late' });
      await Promise.race([listener.ended, scenario.roundTrip().then(() => scenario.roundTrip())]);
      expectNone('late deliveries', heard);
    },
  }),
  audit(
    'same-transport-reconnect',
    'MUST close the transport of a connection that it cuts, so that CONNECT cannot follow on it',
    {
      source: 'ASVS 7.4.1',
      inside: async ({ start }) => {
        const scenario = await start();
        const user = await scenario.user();
        const presented = (await scenario.signedIn(user)).connectOptions();
        const transport = await scenario.raw(presented);
        transport.send(connectFrame('/chat', presented.auth));
        await expectJoined(transport);
        scenario.app.directory.setBanned(user.subject, true);
        await expectClosed(transport);
      },
    },
  ),
  audit('recovery-bypass', 'MUST restore no connection by its id: what was cut comes back by its credential alone', {
    inside: async ({ start }) => {
      const scenario = await start();
      const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
      const transport = await scenario.raw(presented);
      transport.send(connectFrame('/chat', { ...presented.auth, pid: 'someone', offset: 'anything' }));
      const answer = await expectFrame(transport, /^40/);
      expect(answer).not.toContain('"pid"');
    },
  }),
]);
