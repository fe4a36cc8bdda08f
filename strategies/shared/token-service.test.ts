import { randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../harness/manual-clock.ts';
import { refusalOf } from '../../harness/scenario.ts';
import { defaultLifetimes, memoryStores } from '../strategy.ts';
import { MemoryDirectory } from './directory.ts';
import { TokenService } from './token-service.ts';

async function signedIn(roles = ['moderator']) {
  const clock = new ManualClock();
  const directory = new MemoryDirectory(async (password) => Buffer.from(password.padEnd(32).slice(0, 32)));
  const user = await directory.add({ username: 'ann', password: 'a password', roles });
  const secret = randomBytes(32).toString('base64url');
  const options = {
    variant: 'hardened',
    secret,
    directory,
    clock,
    lifetimes: defaultLifetimes,
    report: () => {},
  } as const;
  const started = () => new TokenService({ ...options, stores: memoryStores(clock) });
  const service = started();
  const { claims, pair } = await service.signIn('ann', 'a password');
  clock.advance(1);
  // Another process, or this one after a restart: it has the key and the directory, and no memory.
  return { clock, directory, user, service, claims, pair, restarted: started };
}

describe('a token that was verified', () => {
  it('is good for its holder while the directory says nothing else', async () => {
    const { restarted, claims, user } = await signedIn();
    expect(await restarted().holderOf(claims.access)).toMatchObject({ subject: user.subject, roles: ['moderator'] });
  });

  it('is not after a ban or a lost role, though nothing remembers the revocation', async () => {
    const { restarted, claims, user, directory } = await signedIn();
    directory.setRoles(user.subject, []);
    expect(await refusalOf(restarted().holderOf(claims.access))).toBe('roles-changed');
    directory.setBanned(user.subject, true);
    expect(await refusalOf(restarted().holderOf(claims.access))).toBe('banned');
    expect(await refusalOf(restarted().holderOf({ ...claims.access, subject: 'nobody' }))).toBe('revoked');
  });
});

it('a role that a directory names twice does not let a lost one pass', async () => {
  const { restarted, claims, user, directory } = await signedIn(['user', 'moderator']);
  directory.setRoles(user.subject, ['user', 'user']);
  expect(await refusalOf(restarted().holderOf(claims.access))).toBe('roles-changed');
});

it('an answer to a refresh that is lost before the roles change signs nobody out', async () => {
  const { service, pair, user, directory, clock } = await signedIn();
  await service.refresh(pair.refreshToken);
  clock.advance(1);
  directory.setRoles(user.subject, []);
  clock.advance(1);
  const { claims } = await service.refresh(pair.refreshToken);
  expect(claims.access.roles).toEqual([]);
  expect(await refusalOf(service.holderOf(claims.access))).toBeUndefined();
});

describe('what is issued', () => {
  it.each(['signIn', 'refresh'] as const)(
    'by %s on an answer of the directory that changed meanwhile is revoked',
    async (leg) => {
      const { service, directory, user, pair, clock } = await signedIn();
      const change = () => {
        clock.advance(1);
        directory.setRoles(user.subject, []);
        clock.advance(1);
      };
      const [verify, find] = [directory.verifyPassword.bind(directory), directory.find.bind(directory)];
      vi.spyOn(directory, 'verifyPassword').mockImplementation(async (...args) => {
        const found = await verify(...args);
        change();
        return found;
      });
      vi.spyOn(directory, 'find').mockImplementationOnce((subject) => {
        const found = find(subject);
        change();
        return found;
      });
      const issued = leg === 'signIn' ? service.signIn('ann', 'a password') : service.refresh(pair.refreshToken);
      const code = await refusalOf(issued.then(({ claims }) => service.holderOf(claims.access)));
      expect(code).toBe('roles-changed');
    },
  );
});
