import { expect } from 'vitest';
import { ChatService } from '../../gateways/chat.service.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import type { Promised } from '../support/promise.ts';
import { connectFrame, eventFrame, RawTransport } from '../support/raw-transport.ts';
import { passive, refusalOf, type Scenario, say } from '../support/scenario.ts';

type Presented = ReturnType<StrategyClient['connectOptions']>;

const presenting = (scenario: Scenario, presented: Presented): StrategyClient => ({
  ...scenario.client(),
  expiresAt: undefined,
  connectOptions: () => presented,
});

const malformed: unknown[] = [
  null, 0, true, [], {}, '', 'Bearer', 'a.b.c', ['a.b.c'], { toString: 'x' }, '../../etc/passwd', '\u0000', 'x'.repeat(20_000),
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyLTEifQ.',
]; // prettier-ignore

export const handshake: Promised[] = [
  {
    id: 'admits',
    title: 'a signed-in client connects, and handlers see its subject',
    async run({ start }) {
      const scenario = await start();
      const user = await scenario.user();
      const socket = await scenario.connect(await scenario.signedIn(user));
      expect(await say(socket)).toMatchObject({ from: user.subject });
      expect(await socket.request('whoIsHere', {})).toEqual({ you: user.subject, connections: 1 });
    },
  },
  {
    id: 'sign-in-refused',
    title: 'a wrong password and an unknown user get the same refusal',
    async run({ start }) {
      const scenario = await start();
      const { username } = await scenario.user();
      expect(await refusalOf(scenario.client().signIn(username, 'wrong'))).toBe('unauthenticated');
      expect(await refusalOf(scenario.client().signIn('nobody', 'wrong'))).toBe('unauthenticated');
    },
  },
  {
    id: 'no-credential',
    title: 'no credential: refused before CONNECT is accepted',
    async run({ start }) {
      const scenario = await start();
      for (const namespace of ['/chat', '/notifications']) {
        expect(await refusalOf(scenario.connect(scenario.client(), passive, namespace))).toBe('unauthenticated');
      }
      expect(scenario.app.counters().accepted).toBe(0);
    },
  },
  {
    id: 'credential-type-fuzz',
    title: 'a malformed or oversized credential is one refused connection, and no more',
    async run({ start }) {
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
  },
  {
    id: 'preauth-inbound',
    title: 'events sent right behind a refused CONNECT reach no handler',
    async run({ start }) {
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
  },
  {
    id: 'burst-leaves-nothing',
    title: 'a valid CONNECT with an event in the same burst closes the transport, and holds no place',
    async run({ start }) {
      const scenario = await start();
      const { auth = {}, extraHeaders = {} } = (await scenario.signedIn(await scenario.user())).connectOptions();
      for (let burst = 0; burst < 3; burst++) {
        const transport = await RawTransport.open(scenario.app.url, extraHeaders);
        transport.send(connectFrame('/chat', auth), eventFrame('/chat', 'sendMessage', { text: 'too early' }));
        await transport.closed;
      }
      await expect.poll(() => scenario.app.counters()).toMatchObject({ open: 0, pending: 0 });
    },
  },
  {
    id: 'left-behind',
    title: 'a transport that has left its last namespace is closed in time',
    async run({ start }) {
      const scenario = await start();
      const { auth = {}, extraHeaders = {} } = (await scenario.signedIn(await scenario.user())).connectOptions();
      const transport = await RawTransport.open(scenario.app.url, extraHeaders);
      transport.send(connectFrame('/chat', auth));
      expect(await transport.frame(/^40/)).toBeDefined();
      transport.send('41/chat,');
      await expect.poll(() => scenario.app.counters().open).toBe(0);
      scenario.clock.advance(10_000);
      await transport.closed;
    },
  },
  {
    id: 'namespace-matrix',
    title: 'a namespace that no gateway opened is closed, to signed-in clients too',
    async run({ start }) {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      expect(await refusalOf(scenario.connect(client, passive, '/'))).toBe('namespace-closed');
      expect(await refusalOf(scenario.connect(client, passive, '/nobody-thought-of'))).toBe('unavailable');
      expect(scenario.app.counters().accepted).toBe(0);
    },
  },
  {
    id: 'error-echo',
    title: 'a refused message reaches the ack and the exception event, and neither echoes it',
    async run({ start }) {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
      const exception = new Promise((resolve) => socket.socket.once('exception', resolve));
      const ack: unknown = await socket.socket.timeout(2000).emitWithAck('sendMessage', { canary: 'canary-7f3a' });
      expect(ack).toMatchObject({ refused: { code: 'bad-message', action: 'stop' } });
      expect(await exception).toMatchObject({ code: 'bad-message', event: 'sendMessage' });
      expect(JSON.stringify([ack, await exception])).not.toContain('canary');
    },
  },
  {
    id: 'roles-per-message',
    title: 'a message that needs a role is refused without it and handled with it',
    async run({ start }) {
      const scenario = await start();
      const [user, moderator] = [await scenario.user(), await scenario.user(['moderator'])];
      const theirs = await scenario.connect(await scenario.signedIn(user));
      const ours = await scenario.connect(await scenario.signedIn(moderator));
      const { id } = await say(theirs);
      expect(await refusalOf(theirs.request('deleteMessage', { id }))).toBe('forbidden');
      expect(await ours.request('deleteMessage', { id })).toEqual({ deleted: true });
    },
  },
  {
    id: 'grant-acknowledged',
    title: 'what is granted on connect opens the next connection',
    applies: ({ supports }) => supports.grant,
    async run({ start }) {
      const scenario = await start();
      const user = await scenario.user();
      const client = await scenario.signedIn(user);
      const before = JSON.stringify(client.connectOptions());
      const first = await scenario.connect(client);
      await say(first);
      expect(JSON.stringify(client.connectOptions())).not.toBe(before);
      expect(await say(await scenario.connect(client))).toMatchObject({ from: user.subject });
    },
  },
];
