import { expect } from 'expect';
import { connectFrame, eventFrame } from '../harness/raw-transport.ts';
import { type Audit, audit } from './audit.ts';

/** What one transport may ask for. */
export const connects: Audit[] = [
  audit(
    'multi-connect',
    'MUST let one subject alone use a transport, and each namespace once',
    { source: 'ASVS 7.2.1', notFor: ({ supports }) => (supports.cookie ? 'a transport has one cookie' : undefined) },
    async ({ start }) => {
      const scenario = await start();
      const [first, second] = [
        await scenario.signedIn(await scenario.user()),
        await scenario.signedIn(await scenario.user()),
      ];
      const shared = await scenario.raw();
      shared.send(connectFrame('/chat', first.connectOptions().auth));
      expect(await shared.frame(/^40/)).toBeDefined();
      shared.send(connectFrame('/notifications', second.connectOptions().auth));
      expect(await shared.frame(/^4[04]\/notifications/)).toContain('subject-mismatch');
      // Once it is in, Socket.IO itself closes whoever asks again; two at a time are the gateways' to tell apart.
      const twice = await scenario.raw();
      const connect = connectFrame('/chat', first.connectOptions().auth);
      twice.send(connect, connect);
      expect(await twice.frame(/^40/)).toBeDefined();
      expect(await twice.frame(/^44/)).toContain('already-connected');
      expect(twice.frames.filter((frame) => frame.startsWith('40/chat'))).toHaveLength(1);
    },
  ),
  audit(
    'connect-bruteforce',
    'MUST close a transport that tries CONNECT again and again',
    { source: 'ASVS 6.3.1', destructive: true },
    async ({ start }) => {
      const scenario = await start();
      const transport = await scenario.raw();
      transport.send(...Array.from({ length: 200 }, (_, guess) => connectFrame('/chat', { token: `guess-${guess}` })));
      expect(await transport.closes()).toBe(true);
    },
  ),
  audit(
    'burst-leaves-nothing',
    'MUST close a transport that speaks before it is admitted, and keep nothing of it',
    {},
    async ({ start }) => {
      const scenario = await start();
      const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
      for (let burst = 0; burst < 3; burst++) {
        const transport = await scenario.raw(presented);
        transport.send(
          connectFrame('/chat', presented.auth),
          eventFrame('/chat', 'sendMessage', { text: 'too early' }),
        );
        expect(await transport.closes()).toBe(true);
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
      const presented = (await scenario.signedIn(await scenario.user())).connectOptions();
      const transport = await scenario.raw(presented);
      transport.send(connectFrame('/chat', presented.auth));
      expect(await transport.frame(/^40/)).toBeDefined();
      transport.send('41/chat,');
      expect(await scenario.until(({ open }) => open === 0)).toBe(true);
      scenario.clock.advance(10_000);
      expect(await transport.closes()).toBe(true);
    },
  ),
];
