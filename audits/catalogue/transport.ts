import { expect } from 'expect';
import { seeded } from '../../harness/app/random.ts';
import { connectFrame, eventFrame } from '../../harness/app/raw-transport.ts';
import { refusalOf, say } from '../../harness/app/scenario.ts';
import {
  admit,
  expectClosed,
  expectFrame,
  expectHttpRefusal,
  expectJoined,
  expectServing,
  expectSuccess,
} from '../checks/expectations.ts';
import { faultyFrom } from '../checks/loaded-packages.ts';
import { audit, topic } from '../engine/audit.ts';
import { BrokenPromise } from '../broken-promise.ts';
import { expectAlive, opened } from '../remote/expectations.ts';
import { withoutCredential } from '../remote/needs.ts';

const pieces = [
  '0', '1', '2', '3', '4', '5', '6', '40', '41', '42', '43', '44', '45', '46', '/chat', ',', '[', ']', '{', '}',
  '"sendMessage"', '"', '\\', 'null', '1e999', '-1', '999999999999', '\u0000', '\ud800', '["x"]',
  '{"_placeholder":true,"num":0}',
]; // prettier-ignore

const TOO_LARGE = 'x'.repeat(1_100_000);

/** Frames as nobody would send them, the same for the same seed. */
function malformed(seed: number, count: number): string[] {
  const random = seeded(seed);
  const piece = () => pieces[Math.floor(random() * pieces.length)]!;
  return Array.from({ length: count }, () => Array.from({ length: 1 + Math.floor(random() * 8) }, piece).join(''));
}

export default topic('Transport and load', [
  audit('frame-size', 'MUST close a transport whose message is too large, and live on', {
    source: 'RFC 6455 10.4',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start();
      const sender = await admit(scenario);
      sender.send(eventFrame('/chat', 'sendMessage', { text: TOO_LARGE }));
      await expectClosed(sender);
      await expectServing(scenario);
    },
    remote: {
      missing: withoutCredential,
      async run(probe) {
        const { namespace, event } = probe.target;
        const transport = opened(await probe.connect(await probe.credential()));
        transport.send(eventFrame(namespace, event, TOO_LARGE));
        await expectClosed(transport);
        await expectAlive(probe);
      },
    },
  }),
  audit('frame-size-code', 'MUST close a transport whose message is too large with the code 1009', {
    source: 'RFC 6455 7.4.1',
    destructive: true,
    inside: async ({ start }) => {
      const sender = await admit(await start());
      sender.send(eventFrame('/chat', 'sendMessage', { text: TOO_LARGE }));
      await expectClosed(sender);
      expect(await sender.closed).toBe(1009);
    },
  }),

  audit('malformed-packets', 'MUST close or ignore whoever sends packets that are none, and live on', {
    source: 'ASVS 16.5.4',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start({ limits: false });
      for (const frame of malformed(1, 200)) {
        const sender = await scenario.raw();
        sender.send(frame);
      }
      const inside = await admit(scenario);
      for (const frame of malformed(2, 200)) inside.send(frame);
      await expectServing(scenario);
    },
  }),
  audit('event-flood', 'MUST stop a socket that floods, and go on serving the others', {
    source: 'ASVS 2.4.1',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start();
      const flooder = await admit(scenario);
      for (let event = 0; event < 3000; event++) flooder.send(eventFrame('/chat', 'sendMessage', { text: 'flood' }));
      await expectServing(scenario);
      await expectClosed(flooder);
    },
  }),
  audit('connection-flood', 'MUST bound the connections of one user', {
    source: 'ASVS 2.4.1',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      const answers = await Promise.all(Array.from({ length: 40 }, () => refusalOf(scenario.connectAsThief(client))));
      if (!answers.includes('too-many-connections'))
        throw new BrokenPromise('a refusal of too many connections', 'all were admitted');
      await expectServing(scenario);
    },
  }),
  audit('error-amplification', 'MUST answer a large message that it refuses by a small error', {
    source: 'ASVS 16.5.1',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start();
      const sender = await admit(scenario);
      const before = sender.frames.length;
      sender.send(eventFrame('/chat', 'sendMessage', { canary: 'x'.repeat(60_000) }, '5'));
      await expectFrame(sender, /^43\/chat,5/);
      expect(sender.frames.slice(before).join('').length).toBeLessThan(1000);
    },
  }),
  audit('engine-sid-hijack', 'MUST take no request for a transport that only names its id', {
    source: 'ASVS 7.2.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
      const sid = socket.socket.io.engine.id;
      const url = `${scenario.app.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
      const response = await fetch(url, {
        method: 'POST',
        body: eventFrame('/chat', 'sendMessage', { text: 'hijacked' }),
      });
      expectHttpRefusal(response);
      await expectSuccess(say(socket));
    },
  }),
  audit('transport-parity', 'MUST serve no other transport than the one that all of this is said of', {
    source: 'ASVS 4.4.2',
    inside: async ({ start }) => {
      const scenario = await start();
      const { extraHeaders = {} } = (await scenario.signedIn(await scenario.user())).connectOptions();
      const polling = `${scenario.app.url}/socket.io/?EIO=4&transport=polling`;
      expectHttpRefusal(await fetch(polling, { headers: extraHeaders }), 400);
      expectHttpRefusal(await fetch(polling, { method: 'POST', headers: extraHeaders, body: '40' }), 400);
    },
  }),
  audit('gateway-options', 'MUST have its limits in force on every gateway, whichever of them Nest asked first', {
    source: 'ASVS 13.2.6',
    inside: async ({ start }) => {
      const scenario = await start();
      for (const namespace of ['/chat', '/notifications']) {
        const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
        const sender = await scenario.raw(presented);
        sender.send(connectFrame(namespace, presented.auth));
        await expectJoined(sender);
        sender.send(eventFrame(namespace, 'sendMessage', { text: 'x'.repeat(65_000 + 1000) }));
        await expectClosed(sender);
        expect(await sender.closed).toBe(1009);
      }
      expectHttpRefusal(await fetch(`${scenario.app.url}/socket.io/socket.io.js`));
    },
  }),
  audit('known-cves', 'MUST stand on no version of what reads the network that is known to be faulty', {
    source: 'ASVS 15.2.1',
    inside: async () => {
      expect(faultyFrom()).toEqual([]);
    },
  }),
]);
