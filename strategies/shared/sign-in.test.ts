import { describe, expect, it, onTestFinished } from 'vitest';
import type { AppOptions, TestUser } from '../../harness/app.ts';
import { Scenario } from '../../harness/scenario.ts';
import { gate, until } from '../../test/support/gate.ts';
import { storeKinds } from '../../test/support/stores.ts';
import { loadStrategy } from '../registry.ts';
import { memoryStores, noticeOf, type SecurityEvent, systemClock } from '../strategy.ts';
import { MemoryDirectory } from './directory.ts';
import { StoreError } from './errors.ts';
import { HASHES_AT_ONCE, MOST_OF_ONE_NETWORK, MOST_WAITING } from './sign-in.ts';

/** A directory that counts what it is asked, and answers once `answers` is open. */
class WatchedDirectory extends MemoryDirectory {
  asked = 0;
  answers = Promise.resolve();

  constructor() {
    super(async (password) => Buffer.from(password.padEnd(32).slice(0, 32)));
  }

  override async verifyPassword(username: string, password: string) {
    this.asked += 1;
    await this.answers;
    return super.verifyPassword(username, password);
  }
}

/** A server whose clients name their own address, as a proxy would, and the security log. */
async function start(options: AppOptions = {}, id = 'access-refresh') {
  const events: SecurityEvent[] = [];
  const directory = new WatchedDirectory();
  const scenario = await Scenario.start(await loadStrategy(id), 'hardened', {
    directory,
    report: (event) => void events.push(event),
    addressOf: ({ headers }) => String(headers['x-address'] ?? '192.0.2.1'),
    ...options,
  });
  onTestFinished(() => scenario.dispose());
  const signIn = (username: string, password: string, address = '192.0.2.1', init: RequestInit = {}) =>
    fetch(`${scenario.app.url}/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-address': address },
      body: JSON.stringify({ username, password }),
      ...init,
    });
  const guess = async (username: string, address?: string) => (await signIn(username, 'wrong', address)).status;
  const enter = async ({ username, password }: TestUser, address?: string) =>
    (await signIn(username, password, address)).ok;
  return { scenario, events, directory, signIn, guess, enter };
}

const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));
const numberOf = <T>(all: readonly T[], one: T): number => all.filter((each) => each === one).length;
/** The first `count` of them that settle. */
const firstOf = <T>(all: readonly Promise<T>[], count: number): Promise<T[]> =>
  new Promise((resolve, reject) => {
    const settled: T[] = [];
    for (const each of all) void each.then((value) => settled.push(value) === count && resolve(settled), reject);
  });

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

describe.each(['access-refresh', 'session'])('password checks, %s', (id) => {
  /** Everyone comes from an address of their own. */
  const crowd = async (options: AppOptions = {}) => {
    const started = await start(options, id);
    const user = await started.scenario.user();
    const hold = gate();
    started.directory.answers = hold.passed;
    const come = (index: number, init?: RequestInit) =>
      started.signIn(user.username, user.password, `198.51.100.${index}`, init);
    return { ...started, come, open: hold.open };
  };

  it('run a few at a time and 32 wait; more are told at once to come back, and count as no failure', async () => {
    const { come, open, directory } = await crowd();
    const waiting = Array.from({ length: HASHES_AT_ONCE + MOST_WAITING }, (_, index) => come(index));
    await until(() => directory.asked === HASHES_AT_ONCE);
    const early = await Promise.all(Array.from({ length: 20 }, (_, index) => come(100 + index)));
    for (const answer of early) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await answer.json()).toEqual(noticeOf('unavailable'));
    }
    expect(directory.asked).toBe(HASHES_AT_ONCE);
    open();
    expect((await Promise.all(waiting)).every(({ ok }) => ok)).toBe(true);
    expect((await come(100)).ok).toBe(true);
  });

  it('of one address leave half of the queue to the others, though its password is right', async () => {
    const { come, open, signIn, scenario, directory } = await crowd();
    const { username, password } = await scenario.user();
    // Accounts of their own, so that the limit per account does not refuse them.
    const users = await times(MOST_OF_ONE_NETWORK + 10, () => scenario.user());
    const flood = users.map((user) => signIn(user.username, user.password, '192.0.2.7'));
    const refused = await firstOf(flood, 10);
    for (const answer of refused) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    expect(directory.asked).toBe(HASHES_AT_ONCE);
    const elsewhere = [come(100), signIn(username, password, '192.0.2.8')];
    open();
    expect((await Promise.all(elsewhere)).every(({ ok }) => ok)).toBe(true);
    expect(
      numberOf(
        (await Promise.all(flood)).map(({ ok }) => ok),
        true,
      ),
    ).toBe(MOST_OF_ONE_NETWORK);
    expect((await signIn(username, password, '192.0.2.7')).ok).toBe(true);
  });

  it('are not bounded for one address where its failures are not limited', async () => {
    const { open, signIn, scenario } = await crowd({ limits: { failedSignInsPerAddress: false } });
    const users = await times(MOST_OF_ONE_NETWORK + 10, () => scenario.user());
    const all = users.map(({ username, password }) => signIn(username, password));
    // They are in the queue after a few round trips.
    for (let trips = 0; trips < 5; trips++) await scenario.roundTrip();
    open();
    expect((await Promise.all(all)).every(({ ok }) => ok)).toBe(true);
  });

  it('are skipped for clients that left while they waited', async () => {
    const { come, open, directory } = await crowd();
    const leaving = new AbortController();
    const first = Array.from({ length: HASHES_AT_ONCE }, (_, index) => come(index));
    await until(() => directory.asked === HASHES_AT_ONCE);
    const gone = Array.from({ length: 10 }, (_, index) => come(110 + index, { signal: leaving.signal }));
    leaving.abort();
    expect((await Promise.allSettled(gone)).every(({ status }) => status === 'rejected')).toBe(true);
    open();
    await Promise.all(first);
    expect((await come(100)).ok).toBe(true);
    expect(directory.asked).toBe(HASHES_AT_ONCE + 1);
  });

  it('that a directory never answers are refused, and so are those that wait for them', async () => {
    const { come, directory, scenario } = await crowd();
    const hanging = Array.from({ length: HASHES_AT_ONCE }, (_, index) => come(index));
    await until(() => directory.asked === HASHES_AT_ONCE);
    const waiting = come(100);
    let refused: Response | undefined;
    void waiting.then((answer) => (refused = answer));
    // It is in the queue after a few round trips, and hears of its end within a few more.
    for (let trips = 0; trips < 5; trips++) await scenario.roundTrip();
    scenario.clock.advance(5000);
    await until(() => refused !== undefined);
    expect(refused?.status).toBe(503);
    scenario.clock.advance(5000);
    for (const answer of await Promise.all(hanging)) expect(answer.status).toBe(503);
    expect(directory.asked).toBe(HASHES_AT_ONCE);
    directory.answers = Promise.resolve();
    expect((await come(101)).ok).toBe(true);
  });
});
