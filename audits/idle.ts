import { expect } from 'expect';
import type { Server } from 'socket.io';
import { connectFrame } from '../harness/raw-transport.ts';
import { refusalOf, say } from '../harness/scenario.ts';
import { type Audit, audit } from './audit.ts';
import { admit, heldUp, lives } from './doors.ts';

/** The longest that a transport may stay without a namespace, in ms, and what stands for it here. */
const LONGEST = 15_000;
const SHORT = 100;

/** Lets the server's own deadline for a CONNECT come soon; answers what it was. */
function hurried(server: Server): number {
  const declared = server.connectTimeout();
  server.connectTimeout(SHORT);
  return declared;
}

/** Who takes a place and does nothing with it. */
export const idle: Audit[] = [
  audit(
    'unauth-idle',
    'MUST close a transport that never sends CONNECT',
    { source: 'ASVS 15.2.2' },
    async ({ start }) => {
      let declared = Infinity;
      const scenario = await start({ onServer: (server) => void (declared = hurried(server)) });
      expect(await (await scenario.raw()).closes()).toBe(true);
      expect(declared).toBeLessThanOrEqual(LONGEST);
    },
  ),
  audit(
    'root-parking',
    'MUST close a transport that asked for `/` and was refused, by its deadline',
    { source: 'ASVS 15.2.2' },
    async ({ start }) => {
      const scenario = await start({ onServer: (server) => void hurried(server) });
      const transport = await scenario.raw();
      transport.send('40');
      expect(await transport.frame(/^4[04]/)).toMatch(/^44/);
      expect(await transport.closes()).toBe(true);
    },
  ),
  audit(
    'ghost-presence',
    'MUST keep nothing of a client that leaves while it is being decided on',
    { source: 'ASVS 15.4.2' },
    async ({ start }) => {
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
      expect(await scenario.until(({ open, pending }) => open === 0 && pending === 0)).toBe(true);
      const here = await (await scenario.connect(other)).request('whoIsHere', {});
      expect(here).toMatchObject({ connections: 1 });
    },
  ),
  audit(
    'slow-client',
    'MUST let go of a client that no longer reads',
    { source: 'ASVS 15.2.2', destructive: true },
    async ({ start }) => {
      const scenario = await start({
        onServer: ({ engine }) => void Object.assign(engine.opts, { pingInterval: SHORT, pingTimeout: SHORT }),
      });
      const slow = await admit(scenario);
      slow.pause();
      expect(await scenario.until(({ open }) => open === 0)).toBe(true);
      expect(await lives(scenario)).toBe(true);
    },
  ),
  audit(
    'ack-hoarding',
    'MUST cut who never acknowledges what it was issued',
    {
      source: 'ASVS 15.2.2',
      notFor: ({ supports }) => (supports.issuesCredential ? undefined : 'nothing is issued on connect'),
    },
    async ({ start }) => {
      const scenario = await start({ decisionTimeout: 5000 });
      const hoarder = await admit(scenario);
      expect(await hoarder.frame(/"auth:credential"/)).toBeDefined();
      scenario.clock.advance(5001);
      expect(await hoarder.closes()).toBe(true);
      expect(hoarder.frames.some((frame) => frame.includes('"credential-unacknowledged"'))).toBe(true);
    },
  ),
  audit(
    'auth-hook-throw',
    'MUST refuse one client alone when a hook of a gateway throws, and live on',
    { source: 'ASVS 16.5.3', destructive: true },
    async ({ start }) => {
      const scenario = await start();
      // The chat's own hook throws for whom it does not let in.
      const presented = (await scenario.signedIn(await scenario.user(['muted']))).connectOptions();
      const unwelcome = await scenario.raw(presented);
      unwelcome.send(connectFrame('/chat', presented.auth));
      expect(await unwelcome.closes()).toBe(true);
      expect(unwelcome.frames.some((frame) => frame.includes('"forbidden"'))).toBe(true);
      const socket = await scenario.connect(await scenario.signedIn(await scenario.user()));
      expect(await refusalOf(say(socket))).toBeUndefined();
    },
  ),
];
