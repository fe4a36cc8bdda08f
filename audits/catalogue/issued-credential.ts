import { expect } from 'expect';
import { say } from '../../harness/app/scenario.ts';
import { admit, expectClosed, expectFrame } from '../checks/expectations.ts';
import { audit, topic, withoutIssuedCredential } from '../engine/audit.ts';

/** Credentials that a server issues on a connection. */
export default topic('Handshake', [
  audit('credential-acknowledged', 'MUST open the next connection to what it issued on this one', {
    notFor: withoutIssuedCredential,
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const client = await scenario.signedIn(user);
      const before = JSON.stringify(client.connectOptions());
      const first = await scenario.connect(client);
      await say(first);
      expect(JSON.stringify(client.connectOptions())).not.toBe(before);
      expect(await say(await scenario.connect(client))).toMatchObject({ from: user.subject });
    },
  }),
  audit('ack-hoarding', 'MUST cut who never acknowledges what it was issued', {
    source: 'ASVS 15.2.2',
    notFor: withoutIssuedCredential,
    inside: async ({ start }) => {
      const scenario = await start({ decisionTimeout: 5000 });
      const hoarder = await admit(scenario);
      await expectFrame(hoarder, /"auth:credential"/);
      scenario.clock.advance(5001);
      await expectClosed(hoarder);
      await expectFrame(hoarder, /"credential-unacknowledged"/);
    },
  }),
]);
