import type { RefusalCode, StrategyOptions } from '../strategy.ts';
import type { UserChange } from './directory.ts';
import { inBackground } from './in-background.ts';
import { longestCredential } from './lifetimes.ts';
import { sameRoles } from './roles.ts';

/**
 * Revokes what a change of an account ends, as the directory of this node tells of it. A ban and new roles outrank the
 * directories of all nodes for `lifetimes.directoryLag`, since another node's may not know of them yet.
 * `rolesCode` is the refusal code for who is connected with other roles. Returns a function that stops it.
 */
export function followDirectory(options: StrategyOptions, rolesCode: RefusalCode): () => void {
  const { directory } = options;
  return directory.onChange((change) => inBackground(publishChange(options, change, rolesCode)));
}

async function publishChange(
  { directory, stores: { revocations }, clock, lifetimes }: StrategyOptions,
  { subject, kind }: UserChange,
  rolesCode: RefusalCode,
): Promise<void> {
  const lagUntil = clock.now() + lifetimes.directoryLag;
  if (kind === 'unbanned') return revocations.lift(subject);
  if (kind !== 'roles') {
    const code = kind === 'banned' ? 'banned' : 'revoked';
    const until = clock.now() + longestCredential(lifetimes);
    return revocations.publish({ code, subject }, until, kind === 'banned' ? lagUntil : undefined);
  }
  // Two nodes may change the roles at once: whoever publishes last has read the directory after both.
  for (let roles = await rolesOf(); roles !== undefined;) {
    await revocations.publish({ code: rolesCode, subject, roles }, lagUntil);
    const now = await rolesOf();
    if (now === undefined || sameRoles(now, roles)) return;
    roles = now;
  }

  async function rolesOf(): Promise<readonly string[] | undefined> {
    return (await directory.find(subject))?.roles;
  }
}
