import { expect } from 'expect';
import { type Audit, audit, withoutTokens } from './audit.ts';
import { connectFrame, eventFrame } from '../harness/raw-transport.ts';
import { countPosts, passive, refusalOf, say } from '../harness/scenario.ts';
import { heldUp } from './doors.ts';

const malformed: unknown[] = [
  null, 0, true, [], {}, '', 'Bearer', 'a.b.c', ['a.b.c'], { toString: 'x' }, '../etc/passwd', '\u0000', 'x'.repeat(20_000),
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyLTEifQ.',
]; // prettier-ignore

export const handshake: Audit[] = [
  audit('admits', 'MUST admit who has signed in, and tell handlers their subject', {}, async ({ start }) => {
    const scenario = await start();
    const user = await scenario.user();
    const socket = await scenario.connect(await scenario.signedIn(user));
    expect(await say(socket)).toMatchObject({ from: user.subject });
    expect(await socket.request('whoIsHere', {})).toEqual({ you: user.subject, connections: 1 });
  }),
  audit(
    'sign-in-refused',
    'MUST refuse a wrong password and an unknown user alike',
    { source: 'ASVS 6.3.8' },
    async ({ start }) => {
      const scenario = await start();
      const { username } = await scenario.user();
      expect(await refusalOf(scenario.client().signIn(username, 'wrong'))).toBe('unauthenticated');
      expect(await refusalOf(scenario.client().signIn('nobody', 'wrong'))).toBe('unauthenticated');
    },
  ),
  audit('no-credential', 'MUST refuse CONNECT without a credential', { source: 'ASVS 7.2.1' }, async ({ start }) => {
    const scenario = await start();
    for (const namespace of ['/chat', '/notifications']) {
      expect(await refusalOf(scenario.connect(scenario.client(), passive, namespace))).toBe('unauthenticated');
    }
    expect(scenario.app.counters().accepted).toBe(0);
  }),
  audit(
    'credential-type-fuzz',
    'MUST refuse a credential of any wrong type or size, and live on',
    { source: 'ASVS 16.5.4' },
    async ({ start }) => {
      const scenario = await start();
      for (const value of malformed) {
        const cookie = typeof value === 'string' ? `sid=${encodeURIComponent(value).slice(0, 8000)}` : 'sid=s%3A';
        const presented = {
          auth: { token: value, wsToken: value ?? 'x' },
          extraHeaders: { cookie, authorization: cookie },
        };
        const tooLarge = typeof value === 'string' && value.length > 4096;
        const code = tooLarge ? 'bad-message' : 'unauthenticated';
        expect(await refusalOf(scenario.connectWith(presented))).toBe(code);
      }
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
      expect(await refusalOf(say(socket))).toBeUndefined();
    },
  ),
  audit(
    'preauth-inbound',
    'MUST handle no event before it has admitted its sender',
    { source: 'ASVS 8.3.1, 15.4.2' },
    async ({ start }) => {
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
      expect(handled()).toBe(0);
    },
  ),
  audit(
    'namespace-matrix',
    'MUST open no namespace without a gateway: not `/`, not a random one',
    { source: 'ASVS 8.2.1' },
    async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      expect(await refusalOf(scenario.connect(client, passive, '/'))).toBe('namespace-closed');
      expect(await refusalOf(scenario.connect(client, passive, '/nobody-thought-of'))).toBe('unavailable');
      expect(scenario.app.counters().accepted).toBe(0);
    },
  ),
  audit(
    'error-echo',
    'MUST answer a refused message by its ack, and echo nothing of it',
    { source: 'ASVS 16.5.1' },
    async ({ start }) => {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
      const exception = new Promise((resolve) => socket.socket.once('exception', resolve));
      const ack: unknown = await socket.socket.timeout(2000).emitWithAck('sendMessage', { canary: 'canary-7f3a' });
      expect(ack).toMatchObject({ refused: { code: 'bad-message', action: 'stop' } });
      expect(await exception).toMatchObject({ code: 'bad-message', event: 'sendMessage' });
      expect(JSON.stringify([ack, await exception])).not.toContain('canary');
    },
  ),
  audit(
    'roles-per-message',
    'MUST handle what needs a role for those alone who have it',
    { source: 'ASVS 8.2.1' },
    async ({ start }) => {
      const scenario = await start();
      const [user, moderator] = [await scenario.user(), await scenario.user(['moderator'])];
      const theirs = await scenario.connect(await scenario.signedIn(user));
      const ours = await scenario.connect(await scenario.signedIn(moderator));
      const { id } = await say(theirs);
      expect(await refusalOf(theirs.request('deleteMessage', { id }))).toBe('forbidden');
      expect(await ours.request('deleteMessage', { id })).toEqual({ deleted: true });
    },
  ),
  audit(
    'credential-acknowledged',
    'MUST open the next connection to what it issued on this one',
    { notFor: ({ supports }) => (supports.issuesCredential ? undefined : 'nothing is issued on connect') },
    async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const client = await scenario.signedIn(user);
      const before = JSON.stringify(client.connectOptions());
      const first = await scenario.connect(client);
      await say(first);
      expect(JSON.stringify(client.connectOptions())).not.toBe(before);
      expect(await say(await scenario.connect(client))).toMatchObject({ from: user.subject });
    },
  ),
  audit(
    'preauth-outbound',
    'MUST deliver nothing to whom it has not admitted yet',
    { source: 'ASVS 8.3.1' },
    async ({ start }) => {
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
      expect(await waiting.frame(/^40/)).toBeDefined();
      await say(speaking, 'now');
      expect(await waiting.frame(/^42.*"now"/)).toBeDefined();
      expect(waiting.frames.filter((frame) => frame.includes('hears nothing'))).toHaveLength(0);
    },
  ),
  audit(
    'token-in-query',
    'MUST take no credential from the URL, which others log',
    { source: 'ASVS 14.2.1', notFor: withoutTokens },
    async ({ start }) => {
      const scenario = await start();
      const { auth } = (await scenario.signedIn(await scenario.user())).connectOptions();
      const inUrl = scenario.connectWith({}, '/chat', {
        socket: { query: { ...auth, access_token: auth?.['token'] } },
      });
      expect(await refusalOf(inUrl)).toBe('unauthenticated');
    },
  ),
  audit(
    'error-oracle',
    'MUST answer alike whatever is not validly signed or not known',
    { source: 'ASVS 16.5.1' },
    async ({ start }) => {
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
  ),
  audit(
    'weak-secret',
    'MUST not start with a secret that is missing or under 32 bytes, nor repeat it',
    { source: 'RFC 7518 3.2' },
    async ({ start }) => {
      for (const secret of ['', 'short-canary', 'x'.repeat(31)]) {
        const failure = await start({ secret }).then(() => 'it started', String);
        expect(failure).toMatch(/^ConfigurationError/);
        expect(failure).not.toContain('canary');
      }
    },
  ),
  audit('legacy-protocol', 'MUST refuse the protocol of Engine.IO 3', {}, async ({ start }) => {
    const scenario = await start();
    const { extraHeaders = {} } = (await scenario.signedIn(await scenario.user())).connectOptions();
    for (const transport of ['polling', 'websocket']) {
      const response = await fetch(`${scenario.app.url}/socket.io/?EIO=3&transport=${transport}`, {
        headers: extraHeaders,
      });
      expect(response.status).toBe(400);
    }
  }),
];
