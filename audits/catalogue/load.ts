import { expect } from 'expect';
import { WebSocket } from 'ws';
import { connectFrame, eventFrame } from '../../harness/app/raw-transport.ts';
import type { Scenario } from '../../harness/app/scenario.ts';
import { admit, expectClosed, expectFrame, expectJoined, expectNone, expectServing } from '../checks/expectations.ts';
import { audit, topic } from '../engine/audit.ts';
import { BrokenPromise } from '../broken-promise.ts';

/** Events per second that are allowed here, and what is sent in their place. */
const ALLOWED = 5;
const SENT = 10 * ALLOWED;
/** Within 3 s of them the client is cut: the limits allow bursts of two seconds' worth, in events and in refusals. */
const SECONDS = 3;

/** Packets that are no events, and pings that are no packets. */
const FLOOD = 3000;

const ATTACHED = '451-/chat,1["sendMessage",{"_placeholder":true,"num":0}]';

/** 25 MB, in pushes of this size: more than the buffers of two sockets of one machine hold. */
const PUSH = 64 * 1024;
const PUSHES = 400;

/** Whether a transport that has joined nothing is closed for `FLOOD` pings of the WebSocket itself. */
async function closesForPings({ app }: Scenario): Promise<boolean> {
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  try {
    return await new Promise<boolean>((resolve) => {
      socket.on('error', () => {});
      socket.once('close', () => resolve(true));
      socket.once('open', () => {
        for (let ping = 0; ping < FLOOD; ping++) socket.ping();
        // The server counts each ping before it answers it.
        let pongs = 0;
        socket.on('pong', () => {
          pongs += 1;
          if (pongs === FLOOD) resolve(false);
        });
      });
    });
  } finally {
    socket.terminate();
  }
}

/** Limits on what a client may send, hold open and leave unread, with or without a valid credential. */
export default topic('Transport and load', [
  audit('steady-flood', 'MUST cut a client that sends ten times the allowed events, even at a steady rate', {
    source: 'ASVS 2.4.1',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start({ limits: { eventsPerSecond: ALLOWED }, decisionTimeout: 60_000 });
      const flooder = await admit(scenario);
      let seconds = 0;
      for (let open = true; open && seconds < SECONDS; seconds++) {
        const last = seconds + 1;
        for (let event = 1; event < SENT; event++) flooder.send(eventFrame('/chat', 'sendMessage', { text: 'flood' }));
        flooder.send(eventFrame('/chat', 'sendMessage', { text: 'flood' }, String(last)));
        open = (await flooder.frame(new RegExp(`^43/chat,${last}\\[`))) !== undefined;
        scenario.clock.advance(1000);
      }
      expect(seconds).toBeLessThan(SECONDS);
      await expectClosed(flooder);
      await expectServing(scenario);
    },
  }),
  audit(
    'uncounted-packets',
    'MUST close a transport that floods with packets which are no events: acks, noops, pings',
    {
      source: 'ASVS 2.4.1',
      destructive: true,
      inside: async ({ start }) => {
        const scenario = await start();
        for (const packet of ['6', '43/chat,999[]']) {
          const flooder = await admit(scenario);
          for (let count = 0; count < FLOOD; count++) flooder.send(packet);
          await expectClosed(flooder);
        }
        if (!(await closesForPings(scenario)))
          throw new BrokenPromise('the server to close the transport', 'it stayed open');
        await expectServing(scenario);
      },
    },
  ),
  audit(
    'upgrade-flood',
    'MUST refuse more upgrades from an address that holds too many transports, even if none has sent CONNECT',
    {
      source: 'ASVS 15.2.2',
      destructive: true,
      inside: async ({ start }) => {
        const scenario = await start({ limits: { transportsPerAddress: 5 } });
        const answers: string[] = [];
        for (let upgrade = 0; upgrade < 8; upgrade++) answers.push(await scenario.raw().then(() => 'open', String));
        expect(answers.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'open'));
        for (const answer of answers.slice(5)) expect(answer).toMatch(/answered by (?:429|503)$/);
      },
    },
  ),
  audit('partial-attachments', 'MUST close a transport that announces attachments, before and after it has joined', {
    source: 'ASVS 15.2.2',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start();
      for (const sender of [await scenario.raw(), await admit(scenario)]) {
        sender.send(ATTACHED);
        await expectClosed(sender);
      }
      await expectServing(scenario);
    },
  }),
  audit('slow-reader', 'MUST cut a client that does not read, and buffer only a bounded number of bytes for it', {
    source: 'ASVS 15.2.2',
    destructive: true,
    inside: async ({ start }) => {
      const scenario = await start();
      const user = await scenario.user();
      const presented = (await scenario.signedIn(user)).connectOptions();
      const slow = await scenario.raw(presented);
      slow.send(connectFrame('/notifications', presented.auth));
      await expectJoined(slow);
      slow.send(eventFrame('/notifications', 'subscribe-to-notifications', {}, '1'));
      await expectFrame(slow, /^43.*subscribed/);
      slow.pause();
      for (let push = 0; push < PUSHES && scenario.app.counters().open > 0; push++) {
        scenario.app.push(user.subject, { text: 'x'.repeat(PUSH) });
        await scenario.roundTrip();
      }
      expectNone('open connections', scenario.app.counters().open);
      await expectServing(scenario);
    },
  }),
]);
