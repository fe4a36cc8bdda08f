import { expect, it, onTestFinished, vi } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { defaultLifetimes } from '../lifetimes.ts';
import { memoryStores } from '../stores/memory/index.ts';
import { type Revocation } from '../../strategy.ts';
import { followDirectory } from './account-changes.ts';
import { MemoryDirectory } from './directory.ts';

async function followed() {
  const clock = new ManualClock();
  const stores = memoryStores(clock);
  const directory = new MemoryDirectory(async (password) => Buffer.from(password.padEnd(32)));
  await directory.add({ subject: 'ann', username: 'ann', password: 'a password', roles: ['moderator'] });
  const secret = 'the secret of a test, long enough';
  const options = { variant: 'hardened', secret, directory, clock, stores, lifetimes: defaultLifetimes } as const;
  const unlimited = { failedSignInsPerAccount: false, failedSignInsPerAddress: false } as const;
  const rest = { report: () => {}, limits: unlimited, addressOf: () => '192.0.2.1', extractToken: () => undefined };
  onTestFinished(followDirectory({ ...options, ...rest }, 'roles-changed'));
  const heard: Revocation[] = [];
  stores.revocations.onRevoked((revocation) => heard.push(revocation));
  return { clock, directory, heard, revocations: stores.revocations };
}

it('a change of roles ends the connections of an account whose roles cannot be read, and tells the roles later', async () => {
  const { clock, directory, heard, revocations } = await followed();
  vi.spyOn(directory, 'find').mockRejectedValueOnce(new Error('pool timeout'));
  directory.setRoles('ann', []);
  await vi.waitUntil(() => heard.length === 1);
  expect(heard).toEqual([{ code: 'roles-changed', subject: 'ann' }]);
  await vi.waitUntil(async () => {
    clock.advance(1000);
    return (await revocations.rolesOf('ann')) !== undefined;
  });
  expect(await revocations.rolesOf('ann')).toEqual([]);
});

it('an account that the directory no longer knows is revoked', async () => {
  const { directory, heard } = await followed();
  vi.spyOn(directory, 'find').mockReturnValue(undefined);
  directory.setRoles('ann', []);
  await vi.waitUntil(() => heard.length === 1);
  expect(heard).toEqual([{ code: 'revoked', subject: 'ann' }]);
});

it('two changes of roles at once end with the roles that the directory has', async () => {
  const { directory, revocations } = await followed();
  directory.setRoles('ann', ['reader']);
  directory.setRoles('ann', ['editor']);
  await vi.waitUntil(async () => (await revocations.rolesOf('ann'))?.[0] === 'editor');
  expect(await revocations.rolesOf('ann')).toEqual(['editor']);
});
