import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { refusalOf } from '../../../harness/app/scenario.ts';
import { gate } from '../../../test/support/gate.ts';
import { defaultLifetimes } from '../lifetimes.ts';
import { defaultSignInLimits } from '../contract/sign-in-limits.ts';
import { memoryStores } from '../stores/memory/index.ts';
import { fromAuth } from '../access-tokens/extract-token.ts';
import { MemoryDirectory } from '../accounts/directory.ts';
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
    limits: defaultSignInLimits,
    addressOf: () => '192.0.2.1',
    extractToken: fromAuth(),
  } as const;
  const service = new TokenService({ ...options, stores: memoryStores(clock) });
  const { claims, pair } = await service.signIn('ann', 'a password');
  clock.advance(1);
  /** Another node, whose store has lost what it knew: it has the key and the directory. */
  const forgetful = () => {
    const stores = memoryStores(clock);
    vi.spyOn(stores.revocations, 'check').mockResolvedValue(undefined);
    return new TokenService({ ...options, stores });
  };
  return { clock, directory, user, service, claims, pair, forgetful };
}

describe('a token that was verified', () => {
  it('is good for its holder while the directory says nothing else', async () => {
    const { forgetful, claims, user } = await signedIn();
    expect(await forgetful().requireCurrentPrincipal(claims.access)).toMatchObject({
      subject: user.subject,
      roles: ['moderator'],
    });
  });

  it('is not after a ban or a lost role, though nothing remembers the revocation', async () => {
    const { forgetful, claims, user, directory } = await signedIn();
    directory.setRoles(user.subject, []);
    expect(await refusalOf(forgetful().requireCurrentPrincipal(claims.access))).toBe('roles-changed');
    directory.setBanned(user.subject, true);
    expect(await refusalOf(forgetful().requireCurrentPrincipal(claims.access))).toBe('banned');
    expect(await refusalOf(forgetful().requireCurrentPrincipal({ ...claims.access, subject: 'nobody' }))).toBe(
      'revoked',
    );
  });
});

it('a role that a directory names twice does not let a lost one pass', async () => {
  const { forgetful, claims, user, directory } = await signedIn(['user', 'moderator']);
  directory.setRoles(user.subject, ['user', 'user']);
  expect(await refusalOf(forgetful().requireCurrentPrincipal(claims.access))).toBe('roles-changed');
});

it('an answer to a refresh that is lost before the roles change signs nobody out', async () => {
  const { service, pair, user, directory, clock } = await signedIn();
  await service.refresh(pair.refreshToken);
  clock.advance(1);
  directory.setRoles(user.subject, []);
  clock.advance(1);
  const { claims } = await service.refresh(pair.refreshToken);
  expect(claims.access.roles).toEqual([]);
  expect(await refusalOf(service.requireCurrentPrincipal(claims.access))).toBeUndefined();
});

describe('signing out everywhere', () => {
  it('ends every sign-in, and not the ones that come later, however often the same token asks', async () => {
    const { service, pair, clock } = await signedIn();
    const other = await service.signIn('ann', 'a password');
    await service.signOut(pair.refreshToken, true);
    expect(await refusalOf(service.refresh(other.pair.refreshToken))).toBe('revoked');
    clock.advance(1);
    const later = await service.signIn('ann', 'a password');
    clock.advance(1);
    expect(await refusalOf(service.signOut(pair.refreshToken, true))).toBe('revoked');
    expect(await refusalOf(service.requireCurrentPrincipal(later.claims.access))).toBeUndefined();
    expect(await refusalOf(service.refresh(later.pair.refreshToken))).toBeUndefined();
  });

  it('is not for a token that was signed out, or reused: its own sign-in is all that it ends', async () => {
    const { service, pair } = await signedIn();
    const [left, stolen] = [await service.signIn('ann', 'a password'), await service.signIn('ann', 'a password')];
    await service.signOut(left.pair.refreshToken, false);
    const { pair: second } = await service.refresh(stolen.pair.refreshToken);
    await service.refresh(second.refreshToken);
    expect(await refusalOf(service.refresh(stolen.pair.refreshToken))).toBe('token-reused');
    for (const { refreshToken } of [left.pair, stolen.pair, second]) {
      expect(await refusalOf(service.signOut(refreshToken, true))).toBe('revoked');
      expect(await refusalOf(service.signOut(refreshToken, false))).toBeUndefined();
    }
    expect(await refusalOf(service.refresh(pair.refreshToken))).toBeUndefined();
  });

  it('is for a token that has run out, too: what its sign-in was issued may live on', async () => {
    const { service, pair, clock } = await signedIn();
    clock.advance(defaultLifetimes.refreshToken + 1000);
    const other = await service.signIn('ann', 'a password');
    await service.signOut(pair.refreshToken, true);
    expect(await refusalOf(service.refresh(other.pair.refreshToken))).toBe('revoked');
  });
});

it('a sign-in that was under way as all of them were ended is ended, too', async () => {
  const { service, directory, pair, clock } = await signedIn();
  const verify = directory.verifyPassword.bind(directory);
  vi.spyOn(directory, 'verifyPassword').mockImplementation(async (...args) => {
    const found = await verify(...args);
    clock.advance(1);
    await service.signOut(pair.refreshToken, true);
    return found;
  });
  expect(await refusalOf(service.signIn('ann', 'a password'))).toBe('revoked');
});

it('a refresh that hangs is refused, and leaves its place to the next', async () => {
  const { service, directory, pair, clock } = await signedIn();
  const request = { socket: { destroyed: false } } as IncomingMessage;
  const find = directory.find.bind(directory);
  const hanging = vi.spyOn(directory, 'find').mockImplementation((() => new Promise(() => {})) as never);
  const refreshes = Array.from({ length: 64 }, () => refusalOf(service.refreshFor(request, pair.refreshToken)));
  await vi.waitUntil(() => hanging.mock.calls.length === 64);
  hanging.mockImplementation(find);
  const next = service.refreshFor(request, pair.refreshToken);
  clock.advance(10_000);
  expect(new Set(await Promise.all(refreshes))).toEqual(new Set(['unavailable']));
  expect(await refusalOf(next)).toBeUndefined();
});

it('a refresh that was given up does nothing later: whoever has asked again is no thief', async () => {
  const { service, directory, user, pair, clock } = await signedIn();
  const found = directory.find(user.subject);
  const released = gate();
  vi.spyOn(directory, 'find').mockImplementationOnce((async () => {
    await released.passed;
    return found;
  }) as never);
  const late = refusalOf(service.refresh(pair.refreshToken));
  await vi.waitUntil(() => vi.mocked(directory.find).mock.calls.length === 1);
  clock.advance(10_000);
  const second = await service.refresh(pair.refreshToken);
  clock.advance(defaultLifetimes.reuseGrace + 1);
  released.open();
  expect(await late).toBe('unavailable');
  expect(await refusalOf(service.refresh(second.pair.refreshToken))).toBeUndefined();
});

describe('what is issued', () => {
  it.each(['signIn', 'refresh'] as const)(
    'by %s on an answer of the directory that changed meanwhile carries the roles of now, or is refused',
    async (endpoint) => {
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
      const issued = endpoint === 'signIn' ? service.signIn('ann', 'a password') : service.refresh(pair.refreshToken);
      const code = await refusalOf(issued);
      // The client asks again, and its token gets the same answer with other roles.
      const { claims } = code === undefined ? await issued : await service.refresh(pair.refreshToken);
      expect([undefined, 'roles-changed']).toContain(code);
      expect(claims.access.roles).toEqual([]);
      expect(await service.requireCurrentPrincipal(claims.access)).toMatchObject({ roles: [] });
    },
  );
});

describe('what has ended is not published again', () => {
  async function watched() {
    const made = await signedIn();
    return { ...made, publish: vi.spyOn(made.service.revocations, 'publish') };
  }

  it('by a sign-out after one everywhere', async () => {
    const { service, pair, publish } = await watched();
    const other = await service.signIn('ann', 'a password');
    await service.signOut(pair.refreshToken, true);
    for (const { refreshToken } of [pair, other.pair]) {
      expect(await refusalOf(service.signOut(refreshToken, false))).toBeUndefined();
      expect(await refusalOf(service.signOut(refreshToken, true))).toBe('revoked');
    }
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it('by denying a token of a sign-in that has ended', async () => {
    const { service, claims, pair, publish } = await watched();
    await service.signOut(pair.refreshToken, false);
    await service.denyToken({ ...claims.access, tokenId: 'issued before' });
    expect(publish).toHaveBeenCalledTimes(1);
  });

  it('save for a token of a banned account: a ban may be lifted', async () => {
    const { service, directory, user, claims, publish } = await watched();
    directory.setBanned(user.subject, true);
    await service.denyToken(claims.access);
    expect(publish).toHaveBeenCalledTimes(2);
  });
});

describe('an account whose tokens nobody could use', () => {
  const tooMany = Array.from({ length: 33 }, (_, index) => `role-${index}`);

  it('is told so at sign-in', async () => {
    const { service, directory, user } = await signedIn();
    directory.setRoles(user.subject, tooMany);
    expect(await refusalOf(service.signIn('ann', 'a password'))).toBe('account-unsupported');
  });

  it('is told so at a refresh, which spends no token: the same one passes once the account is mended', async () => {
    const { service, directory, user, pair, clock } = await signedIn();
    directory.setRoles(user.subject, tooMany);
    clock.advance(1);
    expect(await refusalOf(service.refresh(pair.refreshToken))).toBe('account-unsupported');
    directory.setRoles(user.subject, []);
    clock.advance(defaultLifetimes.reuseGrace + 1);
    expect(await refusalOf(service.refresh(pair.refreshToken))).toBeUndefined();
  });
});
