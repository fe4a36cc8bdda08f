import { expect } from 'expect';
import { connectFrame, eventFrame } from '../../harness/app/raw-transport.ts';
import { expectClosed, expectFrame, expectJoined, expectNothingHeld } from '../checks/expectations.ts';
import { audit, topic } from '../engine/audit.ts';
import { opened } from '../remote/expectations.ts';

/** Limits of the CONNECTs of one transport. */
export default topic('Handshake', [
  audit('multi-connect', 'MUST let one subject alone use a transport, and each namespace once', {
    source: 'ASVS 7.2.1',
    notFor: ({ supports }) => (supports.cookie ? 'a transport has one cookie' : undefined),
    inside: async ({ start }) => {
      const scenario = await start();
      const [first, second] = [
        await scenario.signedIn(await scenario.user()),
        await scenario.signedIn(await scenario.user()),
      ];
      const shared = await scenario.raw();
      shared.send(connectFrame('/chat', first.connectOptions().auth));
      await expectJoined(shared);
      shared.send(connectFrame('/notifications', second.connectOptions().auth));
      await expectFrame(shared, /^4[04]\/notifications.*subject-mismatch/);
      // Once it is in, Socket.IO itself closes whoever asks again; two at a time are the gateways' to tell apart.
      const twice = await scenario.raw();
      const connect = connectFrame('/chat', first.connectOptions().auth);
      twice.send(connect, connect);
      await expectJoined(twice);
      await expectFrame(twice, /^44.*already-connected/);
      expect(twice.frames.filter((frame) => frame.startsWith('40/chat'))).toHaveLength(1);
    },
  }),
  audit('connect-bruteforce', 'MUST close a transport that tries CONNECT again and again', {
    source: 'ASVS 6.3.1',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start();
      const transport = await scenario.raw();
      transport.send(...Array.from({ length: 200 }, (_, guess) => connectFrame('/chat', { token: `guess-${guess}` })));
      await expectClosed(transport);
    },
    remote: {
      async run(probe) {
        const transport = await probe.open();
        // If only a valid credential opens the upgrade, a guesser cannot send a CONNECT at all.
        if (transport === undefined && (await probe.open(await probe.credential())) !== undefined) return;
        const guess = (index: number) => connectFrame(probe.target.namespace, { token: `guess-${index}` });
        const guesses = opened({ transport });
        guesses.send(...Array.from({ length: 200 }, (_, index) => guess(index)));
        await expectClosed(guesses);
      },
    },
  }),
  audit('burst-leaves-nothing', 'MUST close a transport that speaks before it is admitted, and keep nothing of it', {
    inside: async ({ start }) => {
      const scenario = await start();
      const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
      for (let burst = 0; burst < 3; burst++) {
        const transport = await scenario.raw(presented);
        transport.send(
          connectFrame('/chat', presented.auth),
          eventFrame('/chat', 'sendMessage', { text: 'too early' }),
        );
        await expectClosed(transport);
      }
      await expectNothingHeld(scenario);
    },
  }),
  audit('left-behind', 'SHOULD close a transport that has left its last namespace', {
    source: 'ASVS 15.2.2',
    inside: async ({ start }) => {
      const scenario = await start();
      const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
      const transport = await scenario.raw(presented);
      transport.send(connectFrame('/chat', presented.auth));
      await expectJoined(transport);
      transport.send('41/chat,');
      await expectNothingHeld(scenario);
      scenario.clock.advance(10_000);
      await expectClosed(transport);
    },
  }),
]);
