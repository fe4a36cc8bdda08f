import { describe, expect, it, onTestFinished } from 'vitest';
import { numberOf, startSignIn as start, times } from '../../../test/support/sign-in.ts';
import { storeKinds } from '../../../test/support/stores.ts';
import { memoryStores } from '../stores/memory/index.ts';
import { systemClock } from '../clock.ts';
import { noticeOf } from '../../strategy.ts';
import { StoreError } from '../errors.ts';

describe('failed sign-ins', () => {
  it('are limited for one account from one address, and cost no hash beyond', async () => {
    const { scenario, guess, signIn, directory } = await start();
    const { username, password } = await scenario.user();
    for (let count = 0; count < 10; count++) expect(await guess(username)).toBe(401);
    const answer = await signIn(username, password);
    expect(answer.status).toBe(429);
    expect(await answer.json()).toEqual(noticeOf('too-many-attempts'));
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(890);
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(900);
    expect(directory.asked).toBe(10);
  });

  it('in one moment are limited too', async () => {
    const { scenario, guess, directory } = await start();
    const { username } = await scenario.user();
    const statuses = await times(30, () => guess(username));
    expect(numberOf(statuses, 401)).toBe(10);
    expect(numberOf(statuses, 429)).toBe(20);
    expect(directory.asked).toBe(10);
  });

  it('of a stranger keep no owner at another address out', async () => {
    const { scenario, guess, enter } = await start();
    const user = await scenario.user();
    await times(30, () => guess(user.username, '198.51.100.9'));
    expect(await enter(user, '203.0.113.4')).toBe(true);
    expect(await enter(user, '198.51.100.9')).toBe(false);
  });

  it.each(['exists', 'does not exist'])('look the same where the account %s', async (which) => {
    const { scenario, signIn } = await start();
    const username = which === 'exists' ? (await scenario.user()).username : 'nobody';
    const seen: unknown[] = [];
    for (let count = 0; count < 11; count++) {
      const answer = await signIn(username, 'wrong');
      seen.push([answer.status, await answer.json()]);
    }
    const [refused, limited] = [401, 429].map((status) => [
      status,
      noticeOf(status === 401 ? 'unauthenticated' : 'too-many-attempts'),
    ]);
    expect(seen).toEqual([...Array.from({ length: 10 }, () => refused), limited]);
  });

  it('are counted for an account however its name is spelled', async () => {
    const { scenario, guess } = await start();
    const { username } = await scenario.user();
    for (let count = 0; count < 10; count++) await guess(username);
    expect(await guess(` ${username.toUpperCase()}`)).toBe(429);
  });

  it('are limited for one address, whatever the names', async () => {
    const { scenario, guess, enter, directory } = await start({ limits: { failedSignInsPerAddress: 5 } });
    const user = await scenario.user();
    const statuses = await times(20, (index) => guess(`name-${index}`, `2001:db8:1:2::${index + 1}`));
    expect(numberOf(statuses, 401)).toBe(5);
    expect(directory.asked).toBe(5);
    expect(await enter(user, '2001:db8:1:2:ffff::1')).toBe(false);
    expect(await enter(user, '2001:db8:1:3::1')).toBe(true);
  });

  it('are forgotten for the account once its owner signs in; a sign-in that succeeds counts for no address', async () => {
    const { scenario, guess, enter } = await start({ limits: { failedSignInsPerAddress: 20 } });
    const user = await scenario.user();
    for (let round = 0; round < 2; round++) {
      for (let count = 0; count < 9; count++) await guess(user.username);
      expect(await enter(user)).toBe(true);
    }
    for (let count = 0; count < 30; count++) expect(await enter(user)).toBe(true);
    expect(await guess(user.username)).toBe(401);
  });

  it('of one account count for the address only as far as they were checked', async () => {
    const { scenario, guess, enter } = await start({ limits: { failedSignInsPerAddress: 12 } });
    const user = await scenario.user();
    await times(40, () => guess('somebody'));
    expect(await enter(user)).toBe(true);
  });

  it.each([false, { failedSignInsPerAccount: false }] as const)(
    'are not limited for an account where limits are %j',
    async (limits) => {
      const { scenario, guess, enter } = await start({ limits });
      const user = await scenario.user();
      for (let count = 0; count < 30; count++) expect(await guess(user.username)).toBe(401);
      expect(await enter(user)).toBe(true);
    },
  );

  it('are reported with their address and a keyed hash in the place of the name; the limit once', async () => {
    const { scenario, events, guess } = await start();
    const { username } = await scenario.user();
    await times(15, () => guess(username));
    await guess('another');
    const failed = events.filter(({ event }) => event === 'sign-in');
    expect(failed.filter(({ code }) => code === 'too-many-attempts')).toHaveLength(1);
    expect(failed.every(({ address }) => address === '192.0.2.1')).toBe(true);
    const accounts = failed.map(({ account }) => account);
    expect(new Set(accounts).size).toBe(2);
    expect(accounts.every((account) => /^[\w-]{22}$/.test(account ?? ''))).toBe(true);
    expect(JSON.stringify(events)).not.toContain(username);
  });

  it('are refused as unavailable, and not checked, where nothing can be counted', async () => {
    const stores = memoryStores(systemClock);
    const { scenario, directory, signIn } = await start({ stores });
    const { username, password } = await scenario.user();
    stores.attempts.add = () => Promise.reject(new StoreError('Redis did not answer'));
    expect((await signIn(username, password)).status).toBe(503);
    expect(directory.asked).toBe(0);
  });

  it('of an attempt that was counted in part only are taken back', async () => {
    const stores = memoryStores(systemClock);
    const { scenario, signIn, enter } = await start({ stores, limits: { failedSignInsPerAddress: 3 } });
    const user = await scenario.user();
    const { attempts } = stores;
    const add = attempts.add.bind(attempts);
    let calls = 0;
    // The address is counted first, then the account.
    attempts.add = (name) => (++calls % 2 === 0 ? Promise.reject(new StoreError('Redis did not answer')) : add(name));
    for (let count = 0; count < 5; count++) expect((await signIn(user.username, user.password)).status).toBe(503);
    attempts.add = add;
    expect(await enter(user)).toBe(true);
  });

  it.each(storeKinds)('are limited over nodes that share their stores in %s', async (_, open) => {
    const { close, ...stores } = await open(systemClock);
    onTestFinished(close);
    const secret = 'a secret that both nodes have, long enough';
    const nodes = [await start({ stores, secret }), await start({ stores, secret })];
    const statuses = await times(30, (index) => nodes[index % 2]!.guess('ann'));
    expect(numberOf(statuses, 401)).toBe(10);
    expect(numberOf(statuses, 429)).toBe(20);
  });
});
