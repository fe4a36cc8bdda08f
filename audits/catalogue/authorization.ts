import { expect } from 'expect';
import { connectFrame, eventFrame } from '../../harness/app/raw-transport.ts';
import { type Scenario, countPosts, say } from '../../harness/app/scenario.ts';
import { eventsOf } from '../checks/app-events.ts';
import { expectClosed, expectFrame, expectJoined, expectNone, expectSuccess } from '../checks/expectations.ts';
import { audit, topic } from '../engine/audit.ts';

/** Says the same thing twice in a room, and returns the frames in which `listener` heard it. */
async function overheard(scenario: Scenario, listener: { readonly frames: readonly string[] }, room?: string) {
  const speaker = await scenario.signedIn(await scenario.user(['moderator']));
  const socket = await scenario.connect(speaker, room === undefined ? {} : { auth: { room } });
  await say(socket, 'not for everyone');
  await say(socket, 'not for everyone');
  return listener.frames.filter((frame) => frame.includes('not for everyone'));
}

export default topic('Authorization', [
  audit('unguarded-event-sweep', 'MUST handle no event of any gateway for whom it has not admitted', {
    source: 'ASVS 8.2.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const events = eventsOf(scenario.app.app);
      expect(events.length).toBeGreaterThan(0);
      const handled = countPosts(scenario);
      for (const { namespace, event } of events) {
        const transport = await scenario.raw();
        transport.send(eventFrame(namespace, event, { text: 'let me in' }, '1'));
        await expectClosed(transport);
        expectNone(`answers to ${event}`, transport.frames.filter((frame) => frame.startsWith('43')).length);
      }
      expectNone('handled messages', handled());
    },
  }),
  audit('duplicate-event', 'MUST have one handler alone for each event of a namespace', {
    source: 'ASVS 8.2.1',
    inside: async ({ start }) => {
      const names = eventsOf((await start()).app.app).map(({ namespace, event }) => `${namespace} ${event}`);
      expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
    },
  }),
  audit('guard-only-eavesdrop', 'MUST deliver nothing to whom the application does not let in', {
    source: 'ASVS 8.3.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const presented = (await scenario.signedIn(await scenario.user(['muted']))).connectOptions();
      const muted = await scenario.raw(presented);
      muted.send(connectFrame('/chat', presented.auth));
      await muted.frame(/^4[01]|forbidden/);
      expectNone('messages overheard', (await overheard(scenario, muted)).length);
    },
  }),
  audit('room-idor', "MUST keep another user's room closed, however it is asked for", {
    source: 'ASVS 8.2.2',
    inside: async ({ start }) => {
      const scenario = await start();
      const [victim, intruder] = [await scenario.user(), await scenario.signedIn(await scenario.user())];
      const { auth, ...rest } = intruder.connectOptions();
      for (const room of [
        victim.subject,
        [victim.subject],
        `subject:${victim.subject}`,
        { toString: victim.subject },
      ]) {
        const transport = await scenario.raw(rest);
        transport.send(connectFrame('/chat', { ...auth, room }));
        await transport.frame(/forbidden|^44/);
        expectNone('messages overheard', (await overheard(scenario, transport, victim.subject)).length);
      }
    },
  }),
  audit(
    'reserved-names',
    'MUST ignore or close whoever sends an event that has a name of its own in Socket.IO or JavaScript',
    {
      source: 'ASVS 16.5.4',
      destructive: true,
      inside: async ({ start }) => {
        const scenario = await start();
        const names = [
          'connect',
          'connect_error',
          'disconnect',
          'disconnecting',
          'newListener',
          'removeListener',
          'error',
        ];
        for (const event of [
          ...names,
          '__proto__',
          'constructor',
          'toString',
          'auth:cut',
          'auth:credential',
          '',
          '7',
        ]) {
          const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
          const transport = await scenario.raw(presented);
          transport.send(connectFrame('/chat', presented.auth));
          await expectJoined(transport);
          transport.send(eventFrame('/chat', event, { text: 'x' }), `42/chat,[7,{}]`);
        }
        const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
        await expectSuccess(say(socket));
      },
    },
  ),
  audit('returned-event', 'MUST emit no event of a name that a client has chosen', {
    source: 'ASVS 8.2.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
      const transport = await scenario.raw(presented);
      transport.send(connectFrame('/chat', presented.auth));
      await expectJoined(transport);
      for (const { namespace, event } of eventsOf(scenario.app.app)) {
        const answer = { event: 'chosen-by-me', data: 1, text: 'x', id: crypto.randomUUID() };
        if (namespace === '/chat') transport.send(eventFrame('/chat', event, answer));
      }
      transport.send(eventFrame('/chat', 'sendMessage', { text: 'last' }, '9'));
      await expectFrame(transport, /^43\/chat,9/);
      expectNone('events of that name', transport.frames.filter((frame) => frame.includes('["chosen-by-me"')).length);
    },
  }),
]);
