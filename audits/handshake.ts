import { expect } from 'expect';
import { ChatService } from '../gateways/chat.service.ts';
import type { StrategyClient } from '../strategies/strategy.ts';
import { type Audit, audit } from './audit.ts';
import { connectFrame, eventFrame, RawTransport } from '../harness/raw-transport.ts';
import { passive, refusalOf, type Scenario, say } from '../harness/scenario.ts';

type Presented = ReturnType<StrategyClient['connectOptions']>;

const presenting = (scenario: Scenario, presented: Presented): StrategyClient => ({
  ...scenario.client(),
  expiresAt: undefined,
  connectOptions: () => presented,
});

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
        const client = presenting(scenario, {
          auth: { token: value, wsToken: value ?? 'x' },
          extraHeaders: { cookie, authorization: cookie },
        });
        expect(await refusalOf(scenario.connect(client, passive))).toBe('unauthenticated');
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
      const chat = scenario.app.app.get(ChatService, { strict: false });
      let handled = 0;
      const post = chat.post.bind(chat);
      chat.post = (...message) => {
        handled += 1;
        return post(...message);
      };
      const connect = connectFrame('/chat', { token: 'forged' });
      const events = Array.from({ length: 5 }, () => eventFrame('/chat', 'sendMessage', { text: 'let me in' }));
      const inOneBurst = await RawTransport.open(scenario.app.url);
      inOneBurst.send(connect, ...events);
      const afterTheAnswer = await RawTransport.open(scenario.app.url);
      afterTheAnswer.send(connect);
      await afterTheAnswer.frame(/^4[04]/);
      afterTheAnswer.send(...events, eventFrame('/chat', 'whoIsHere', {}, '1'));
      // Socket.IO closes a transport that speaks to a namespace it is not in; an admitted one gets its ack.
      await Promise.all([inOneBurst.closed, afterTheAnswer.frame(/^43/)]);
      expect(handled).toBe(0);
    },
  ),
  audit(
    'burst-leaves-nothing',
    'MUST close a transport that speaks before it is admitted, and keep nothing of it',
    {},
    async ({ start }) => {
      const scenario = await start();
      const { auth = {}, extraHeaders = {} } = (await scenario.signedIn(await scenario.user())).connectOptions();
      for (let burst = 0; burst < 3; burst++) {
        const transport = await RawTransport.open(scenario.app.url, extraHeaders);
        transport.send(connectFrame('/chat', auth), eventFrame('/chat', 'sendMessage', { text: 'too early' }));
        await transport.closed;
      }
      expect(await scenario.until(({ open, pending }) => open === 0 && pending === 0)).toBe(true);
    },
  ),
  audit(
    'left-behind',
    'SHOULD close a transport that has left its last namespace',
    { source: 'ASVS 15.2.2' },
    async ({ start }) => {
      const scenario = await start();
      const { auth = {}, extraHeaders = {} } = (await scenario.signedIn(await scenario.user())).connectOptions();
      const transport = await RawTransport.open(scenario.app.url, extraHeaders);
      transport.send(connectFrame('/chat', auth));
      expect(await transport.frame(/^40/)).toBeDefined();
      transport.send('41/chat,');
      expect(await scenario.until(({ open }) => open === 0)).toBe(true);
      scenario.clock.advance(10_000);
      await transport.closed;
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
    'grant-acknowledged',
    'MUST open the next connection to what it granted on this one',
    { notFor: ({ supports }) => (supports.grant ? undefined : 'nothing is granted on connect') },
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
];
