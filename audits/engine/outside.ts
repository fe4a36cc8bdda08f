import { setTimeout as delay } from 'node:timers/promises';
import { clientHalfOf } from '../../harness/app/client-half.ts';
import type { EntrySpec } from '../../harness/app/entry.ts';
import type { Presented } from '../../harness/app/scenario.ts';
import { type Server, startServer } from '../../harness/processes/server.ts';
import type { CreateClient, StrategyClient } from '../../strategies/strategy.ts';
import type { Column, Finding } from './audit-file.ts';
import { auditRemote } from './remote-run.ts';
import type { Hooks, Target } from '../remote/target.ts';

/** Every credential lives this long, in ms: an audit signs in anew, and an expiry can be waited for. */
const LIFETIME = 4000;
/** Past an expiry by so much, in ms, nothing is a matter of clocks. */
const MARGIN = 1500;

export interface Outside {
  readonly spec: EntrySpec;
  readonly title: string;
}

/** Runs the remote audits against an entry, which is started in a process of its own. */
export async function auditOutside({ spec, title }: Outside): Promise<Column> {
  const lifetimes = { accessToken: LIFETIME, wsToken: LIFETIME, sessionIdle: LIFETIME, absolute: 2 * LIFETIME };
  const server = await startServer({ spec, lifetimes, limits: {} });
  try {
    const { createClient } = await clientHalfOf(spec);
    const findings = await auditRemote(await targetOf(server, createClient));
    return {
      strategy: spec.id,
      variant: spec.kind === 'strategy' ? spec.variant : null,
      title,
      findings: findings.map(({ audit: _, lost: __, ...finding }): Finding => finding),
    };
  } finally {
    // An audit may have ended it.
    await server.stop().catch(() => {});
  }
}

async function targetOf(server: Server, createClient: CreateClient): Promise<Target> {
  const held = new Map<Presented, { readonly client: StrategyClient; readonly subject: string }>();
  let users = 0;
  const signIn = async (roles: readonly string[] = []): Promise<Presented> => {
    const [user] = await server.call.addUsers(`user-${(users += 1)}`, 1, roles);
    const client = createClient({ url: server.url });
    await client.signIn(user!.username, user!.password);
    const presented = client.connectOptions();
    held.set(presented, { client, subject: user!.subject });
    return presented;
  };
  const hooks: Hooks = {
    signIn: () => signIn(),
    signInUnwelcome: () => signIn(['muted']),
    signOut: (presented) => held.get(presented)!.client.signOut(),
    ban: (presented) => server.call.setBanned(held.get(presented)!.subject),
    expire: (presented) => {
      const { expiresAt = Date.now() + LIFETIME } = held.get(presented)!.client;
      return delay(expiresAt + MARGIN - Date.now());
    },
  };
  return {
    url: server.url,
    namespace: '/chat',
    credential: undefined,
    unwelcome: undefined,
    event: 'sendMessage',
    payload: { text: 'audit' },
    logoutUrl: undefined,
    hooks,
    destructive: true,
    patience: 0,
  };
}
