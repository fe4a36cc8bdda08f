import { expect } from 'expect';
import { connectFrame, eventFrame } from '../../harness/app/raw-transport.ts';
import { countPosts, passive, say } from '../../harness/app/scenario.ts';
import {
  expectFrame,
  expectHttpRefusal,
  expectJoined,
  expectNone,
  expectRefusal,
  expectSuccess,
} from '../checks/expectations.ts';
import { heldUp } from '../checks/held-up.ts';
import { malformedCredentials } from '../checks/malformed.ts';
import { audit, topic, withoutTokens } from '../engine/audit.ts';
import { BrokenPromise } from '../broken-promise.ts';
import { LONGEST_ANSWER } from '../remote/ends.ts';
import { expectAdmitted, expectAlive, expectHandled, expectRefused } from '../remote/expectations.ts';
import { withoutCredential } from '../remote/needs.ts';

/** Connections that ask at once and speak before they are answered. */
const EARLY = 40;

export default topic('Handshake', [
  audit('admits', 'MUST admit a client with a valid credential, and handle its messages', {
    inside: async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      await expectSuccess(say(await expectSuccess(scenario.connect(client))));
    },
    remote: {
      missing: withoutCredential,
      async run(probe) {
        const connected = await probe.connect(await probe.credential());
        expectAdmitted(connected);
        expectHandled(await probe.act(connected.transport));
      },
    },
  }),
  audit('subject-known', 'MUST tell handlers the subject of the client that sends a message', {
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const socket = await scenario.connect(await scenario.signedIn(user));
      expect(await say(socket)).toMatchObject({ from: user.subject });
      expect(await socket.request('whoIsHere', {})).toEqual({ you: user.subject, connections: 1 });
    },
  }),

  audit('sign-in-refused', 'MUST refuse a wrong password and an unknown user alike', {
    source: 'ASVS 6.3.8',
    inside: async ({ start }) => {
      const scenario = await start();
      const { username } = await scenario.user();
      await expectRefusal(scenario.client().signIn(username, 'wrong'), 'unauthenticated');
      await expectRefusal(scenario.client().signIn('nobody', 'wrong'), 'unauthenticated');
    },
  }),
  audit('no-credential', 'MUST refuse CONNECT without a credential', {
    source: 'ASVS 7.2.1',
    inside: async ({ start }) => {
      const scenario = await start();
      for (const namespace of ['/chat', '/notifications']) {
        await expectRefusal(scenario.connect(scenario.client(), passive, namespace), 'unauthenticated');
      }
      expectNone('accepted connections', scenario.app.counters().accepted);
    },
    remote: { run: async (probe) => expectRefused(await probe.connect()) },
  }),
  audit('credential-type-fuzz', 'MUST refuse a credential of any wrong type or size, and live on', {
    source: 'ASVS 16.5.4',
    inside: async ({ start }) => {
      const scenario = await start();
      for (const value of malformedCredentials) {
        const cookie = typeof value === 'string' ? `sid=${encodeURIComponent(value).slice(0, 8000)}` : 'sid=s%3A';
        const presented = {
          auth: { token: value, wsToken: value ?? 'x' },
          extraHeaders: { cookie, authorization: cookie },
        };
        const tooLarge = typeof value === 'string' && value.length > 4096;
        const code = tooLarge ? 'bad-message' : 'unauthenticated';
        await expectRefusal(scenario.connectWith(presented), code);
      }
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
      await expectSuccess(say(socket));
    },
    remote: {
      async run(probe) {
        for (const [index, token] of malformedCredentials.entries()) {
          expectRefused(await probe.connect({ auth: { token } }), `malformed credential ${index + 1}`);
        }
        await expectAlive(probe);
      },
    },
  }),
  audit('preauth-inbound', 'MUST handle no event before it has admitted its sender', {
    source: 'ASVS 8.3.1, 15.4.2',
    inside: async ({ start }) => {
      const scenario = await start();
      const handled = countPosts(scenario);
      const connect = connectFrame('/chat', { token: 'forged' });
      const events = Array.from({ length: 5 }, () => eventFrame('/chat', 'sendMessage', { text: 'let me in' }));
      const inOneBurst = await scenario.raw();
      inOneBurst.send(connect, ...events);
      const afterTheAnswer = await scenario.raw();
      afterTheAnswer.send(connect);
      await afterTheAnswer.frame(/^4[04]/);
      afterTheAnswer.send(...events, eventFrame('/chat', 'whoIsHere', {}, '1'));
      // Socket.IO closes a transport that speaks to a namespace it is not in; an admitted one gets its ack.
      await Promise.all([inOneBurst.closes(), afterTheAnswer.frame(/^43/)]);
      expectNone('handled messages', handled());
    },
    remote: {
      async run(probe) {
        const forged = await probe.forged();
        for (const presented of [{}, { auth: { token: 'a.b.c' } }, ...(forged ? [forged] : [])]) {
          // A server that answers CONNECT before it decides has bound its handlers by then; many at once make it late.
          const opened = await Promise.all(Array.from({ length: EARLY }, () => probe.open(presented)));
          const reactions = await Promise.all(
            opened.map(async (transport) =>
              transport && (await probe.join(transport, presented)) ? probe.act(transport) : 'refused',
            ),
          );
          expectNone('handled messages', reactions.filter((reaction) => reaction === 'handled').length);
        }
      },
    },
  }),
  audit('error-echo', 'MUST answer a refused message by its ack, and echo nothing of it', {
    source: 'ASVS 16.5.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
      const exception = new Promise((resolve) => socket.socket.once('exception', resolve));
      const ack: unknown = await socket.socket.timeout(2000).emitWithAck('sendMessage', { canary: 'canary-7f3a' });
      expect(ack).toMatchObject({ refused: { code: 'bad-message', action: 'stop' } });
      expect(await exception).toMatchObject({ code: 'bad-message', event: 'sendMessage' });
      expect(JSON.stringify([ack, await exception])).not.toContain('canary');
    },
  }),
  audit('roles-per-message', 'MUST handle what needs a role for those alone who have it', {
    source: 'ASVS 8.2.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const [user, moderator] = [await scenario.user(), await scenario.user(['moderator'])];
      const theirs = await scenario.connect(await scenario.signedIn(user));
      const ours = await scenario.connect(await scenario.signedIn(moderator));
      const { id } = await say(theirs);
      await expectRefusal(theirs.request('deleteMessage', { id }), 'forbidden');
      expect(await ours.request('deleteMessage', { id })).toEqual({ deleted: true });
    },
  }),
  audit('preauth-outbound', 'MUST deliver nothing to whom it has not admitted yet', {
    source: 'ASVS 8.3.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const [early, talker] = [
        await scenario.signedIn(await scenario.user()),
        await scenario.signedIn(await scenario.user()),
      ];
      const speaking = await scenario.connect(talker);
      const decision = heldUp(scenario);
      const presented = early.connectOptions();
      const waiting = await scenario.raw(presented);
      waiting.send(connectFrame('/chat', presented.auth));
      await decision.asked;
      await say(speaking, 'who is not admitted hears nothing of this');
      decision.settle();
      await expectJoined(waiting);
      await say(speaking, 'now');
      await expectFrame(waiting, /^42.*"now"/);
      expectNone(
        'messages delivered too early',
        waiting.frames.filter((frame) => frame.includes('hears nothing')).length,
      );
    },
  }),
  audit('token-in-query', 'MUST take no credential from the URL, which others log', {
    source: 'ASVS 14.2.1',
    notFor: withoutTokens,
    inside: async ({ start }) => {
      const scenario = await start();
      const { auth } = (await scenario.signedIn(await scenario.user())).connectOptions();
      const inUrl = scenario.connectWith({}, '/chat', {
        socket: { query: { ...auth, access_token: auth?.['token'] } },
      });
      await expectRefusal(inUrl, 'unauthenticated');
    },
  }),
  audit('error-oracle', 'MUST answer alike whatever is not validly signed or not known', {
    source: 'ASVS 16.5.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const { auth = {}, extraHeaders = {} } = (await scenario.signedIn(await scenario.user())).connectOptions();
      const answers = new Set<string>();
      for (const change of [() => '', (one: string) => one.slice(0, -3), (one: string) => `${one}x`, () => 'a.b.c']) {
        const of = (values: object) =>
          Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(String(value))]));
        const transport = await scenario.raw({ extraHeaders: of(extraHeaders) });
        transport.send(connectFrame('/chat', of(auth)));
        answers.add(String(await transport.frame(/^4[04]/)));
      }
      expect([...answers]).toEqual([expect.stringMatching(/^44.*"unauthenticated"/)]);
    },
  }),
  audit('weak-secret', 'MUST not start with a secret that is missing or under 32 bytes, nor repeat it', {
    source: 'RFC 7518 3.2',
    inside: async ({ start }) => {
      for (const secret of ['', 'short-canary', 'x'.repeat(31)]) {
        const failure = await start({ secret }).then(() => 'it started', String);
        if (!failure.startsWith('ConfigurationError'))
          throw new BrokenPromise('a ConfigurationError at the start', failure);
        expect(failure).not.toContain('canary');
      }
    },
  }),
  audit('legacy-protocol', 'MUST refuse the protocol of Engine.IO 3', {
    inside: async ({ start }) => {
      const scenario = await start();
      const { extraHeaders = {} } = (await scenario.signedIn(await scenario.user())).connectOptions();
      for (const transport of ['polling', 'websocket']) {
        const response = await fetch(`${scenario.app.url}/socket.io/?EIO=3&transport=${transport}`, {
          headers: extraHeaders,
        });
        expectHttpRefusal(response, 400);
      }
    },
    remote: {
      async run({ target }) {
        const { ok, status } = await fetch(`${target.url}/socket.io/?EIO=3&transport=polling`, {
          redirect: 'manual',
          signal: AbortSignal.timeout(LONGEST_ANSWER),
        });
        if (ok) throw new BrokenPromise('a refusal of Engine.IO 3', `the answer was HTTP ${status}`);
      },
    },
  }),
]);
