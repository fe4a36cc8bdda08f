import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'expect';
import { connectFrame } from '../../harness/app/raw-transport.ts';
import { say } from '../../harness/app/scenario.ts';
import {
  admit,
  expectClosed,
  expectFrame,
  expectNothingHeld,
  expectServing,
  expectSuccess,
} from '../checks/expectations.ts';
import { heldUp } from '../checks/held-up.ts';
import { hurried } from '../checks/hurried.ts';
import { audit, topic } from '../engine/audit.ts';
import { expectAlive } from '../remote/expectations.ts';
import { withoutUnwelcome } from '../remote/needs.ts';

/** The longest that a transport may stay without a namespace, in ms. */
const LONGEST = 15_000;
/** In ms: the pings and their timeout here. */
const SHORT = 100;

export default topic('Handshake', [
  audit('unauth-idle', 'MUST close a transport that never sends CONNECT', {
    source: 'ASVS 15.2.2',
    inside: async ({ start }) => {
      let declared = Infinity;
      const scenario = await start({ onServer: (server) => void (declared = hurried(server)) });
      await expectClosed(await scenario.raw());
      expect(declared).toBeLessThanOrEqual(LONGEST);
    },
  }),
  audit('ghost-presence', 'MUST keep nothing of a client that leaves while it is being decided on', {
    source: 'ASVS 15.4.2',
    inside: async ({ start }) => {
      const scenario = await start();
      const leaver = (await scenario.signedIn(await scenario.user())).connectOptions();
      const other = await scenario.signedIn(await scenario.user());
      const decision = heldUp(scenario);
      const transport = await scenario.raw(leaver);
      transport.send(connectFrame('/chat', leaver.auth));
      await decision.asked;
      transport.close();
      await transport.closed;
      decision.settle();
      await expectNothingHeld(scenario);
      const here = await (await scenario.connect(other)).request('whoIsHere', {});
      expect(here).toMatchObject({ connections: 1 });
    },
  }),
  audit('slow-client', 'MUST let go of a client that no longer reads', {
    source: 'ASVS 15.2.2',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start({
        onServer: ({ engine }) => void Object.assign(engine.opts, { pingInterval: SHORT, pingTimeout: SHORT }),
      });
      const slow = await admit(scenario);
      slow.pause();
      await expectNothingHeld(scenario);
      await expectServing(scenario);
    },
  }),
  audit(
    'auth-hook-throw',
    'MUST serve everyone else, and live on, when a hook of a gateway throws to refuse a client',
    {
      source: 'ASVS 16.5.3',
      destructive: true,
      inside: async ({ start }) => {
        const scenario = await start();
        // The chat's own hook throws for whom it does not let in.
        const presented = (await scenario.signedIn(await scenario.user(['muted']))).connectOptions();
        const unwelcome = await scenario.raw(presented);
        unwelcome.send(connectFrame('/chat', presented.auth));
        await expectClosed(unwelcome);
        await expectFrame(unwelcome, /"forbidden"/);
        const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
        await expectSuccess(say(socket));
      },
      remote: {
        missing: withoutUnwelcome,
        fatal: true,
        async run(probe) {
          await probe.connect(await probe.unwelcome()).catch(() => undefined);
          // The hook of a slow server may throw later than its answer comes.
          await delay(500);
          await expectAlive(probe);
        },
      },
    },
  ),
]);
