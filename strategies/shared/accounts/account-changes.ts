import { Logger } from '@nestjs/common';
import type { RefusalCode, StrategyOptions } from '../../strategy.ts';
import { requireDirectory, type UserChange } from './directory.ts';
import { longestCredential } from '../lifetimes.ts';
import { sameRoles } from '../revocation.ts';

/**
 * Revokes what a change of an account ends, as the directory of this node tells of it. A ban and new roles outrank the
 * directories of all nodes for `lifetimes.directoryLag`, since another node's may not know of them yet.
 * `rolesCode` is the refusal code for who is connected with other roles. Returns a function that stops it.
 */
export function followDirectory(options: StrategyOptions, rolesCode: RefusalCode): () => void {
  return requireDirectory(options).onChange((change) => inBackground(publishChange(options, change, rolesCode)));
}

const logger = new Logger('Revocations');

/** In ms. Roles that could not be read are read again after each of these. */
const RETRIES = [1000, 2000, 4000, 8000, 16_000] as const;

async function publishChange(options: StrategyOptions, { subject, kind }: UserChange, rolesCode: RefusalCode) {
  const {
    stores: { revocations },
    clock,
    lifetimes,
  } = options;
  if (kind === 'unbanned') return revocations.unban(subject);
  if (kind === 'roles') return publishRoles(options, subject, rolesCode);
  const until = clock.now() + longestCredential(lifetimes);
  if (kind === 'password') return revocations.publish({ code: 'revoked', subject }, until);
  return revocations.publish({ code: 'banned', subject }, until, clock.now() + lifetimes.directoryLag);
}

/** Two nodes may change the roles at once: whoever publishes last has read the directory after both. */
async function publishRoles(options: StrategyOptions, subject: string, code: RefusalCode): Promise<void> {
  const {
    stores: { revocations },
    clock,
    lifetimes,
  } = options;
  const directory = requireDirectory(options);
  let published: readonly string[] | undefined;
  for (let failures = 0; ;) {
    let roles: readonly string[] | undefined;
    try {
      roles = (await directory.find(subject))?.roles;
    } catch (error) {
      // Open connections may have lost a role. They must reconnect, which reads the directory.
      if (failures === 0) await revocations.publish({ code, subject });
      const pause = RETRIES[failures];
      if (pause === undefined) throw error;
      failures += 1;
      await new Promise<void>((resolve) => clock.schedule(pause, resolve));
      continue;
    }
    const now = clock.now();
    if (roles === undefined)
      return revocations.publish({ code: 'revoked', subject }, now + longestCredential(lifetimes));
    if (published !== undefined && sameRoles(roles, published)) return;
    await revocations.publish({ code, subject, roles }, now + lifetimes.directoryLag);
    published = roles;
  }
}

/** For what nobody waits for: a failure is logged by its name. The store itself goes on trying. */
function inBackground(telling: Promise<unknown>): void {
  telling.catch((error: unknown) => {
    logger.error(`Not every node could be told yet: ${error instanceof Error ? error.name : typeof error}`);
  });
}
