import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { auditOnce } from '../audits/index.ts';
import type { Hooks } from '../audits/remote/target.ts';
import { clientHalfOf } from '../harness/app/client-half.ts';
import type { Presented } from '../harness/app/scenario.ts';
import { loadStrategies } from '../strategies/registry.ts';
import type { StrategyClient } from '../strategies/strategy.ts';
import { startServer } from './support/compiled.ts';

/** Every credential lives this long, in ms: an expiry can be waited for. */
const LIFETIME = 10_000;
/** The first message of a connection lets a session live longer. It is sent within so many ms of the sign-in. */
const MARGIN = 5000;

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

/** A strategy in a process of its own, and what its owner can do there. */
async function owned(id: string) {
  const spec = { kind: 'strategy', id, variant: 'hardened' } as const;
  const lifetimes = { accessToken: LIFETIME, wsToken: LIFETIME, sessionIdle: LIFETIME, absolute: 2 * LIFETIME };
  const server = await startServer({ spec, lifetimes, limits: {} });
  const { createClient } = await clientHalfOf(spec);
  const held = new Map<Presented, { client: StrategyClient; subject: string }>();
  let users = 0;
  const signIn = async (): Promise<Presented> => {
    const [user] = await server.call.addUsers(`user-${(users += 1)}`, 1, ['moderator']);
    const client = createClient({ url: server.url });
    await client.signIn(user!.username, user!.password);
    const presented = client.connectOptions();
    held.set(presented, { client, subject: user!.subject });
    return presented;
  };
  const ban = (presented: Presented) => server.call.setBanned(held.get(presented)!.subject);
  const hooks: Hooks = {
    signIn,
    async signInUnwelcome() {
      const presented = await signIn();
      await ban(presented);
      return presented;
    },
    signOut: (presented) => held.get(presented)!.client.signOut(),
    ban,
    changeRoles: (presented) => server.call.setRoles(held.get(presented)!.subject, []),
    expire: (presented) => {
      const { expiresAt = Date.now() + LIFETIME } = held.get(presented)!.client;
      return delay(expiresAt + MARGIN - Date.now());
    },
  };
  return { server, hooks };
}

describe.concurrent('the kit, hardened', () => {
  it.each(strategies)(
    '$id: no finding, and everything that can be asked is told',
    { timeout: 120_000 },
    async ({ id }) => {
      const { server, hooks } = await owned(id);
      try {
        // Only a moderator may delete, so that a change of roles can be seen.
        const event = { event: 'deleteMessage', arguments: [{ id: '9e4f0f0e-6a43-4c5e-8f55-3f9d1f7a2b10' }] };
        const before = [{ event: 'sendMessage', arguments: [{ text: 'audit' }] }];
        const report = await auditOnce({
          url: server.url,
          namespace: '/chat',
          event,
          before,
          hooks,
          destructive: true,
          patience: 0,
        });
        expect(report.findings).toEqual([]);
        expect(report.stopped).toBeUndefined();
        const open = report.checks.filter(({ state }) => state === 'could not tell' || state === 'broken');
        expect(open).toEqual([]);
      } finally {
        await server.stop().catch(() => {});
      }
    },
  );
});
