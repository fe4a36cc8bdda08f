import { describe, expect, it } from 'vitest';
import type { AppOptions } from '../../../harness/app/app.ts';
import { gate, until } from '../../../test/support/gate.ts';
import { numberOf, startSignIn as start, times } from '../../../test/support/sign-in.ts';
import { noticeOf } from '../../strategy.ts';
import { HASHES_AT_ONCE, MOST_OF_ONE_NETWORK, MOST_WAITING } from './sign-in.ts';

/** The first `count` of them that settle. */
const firstOf = <T>(all: readonly Promise<T>[], count: number): Promise<T[]> =>
  new Promise((resolve, reject) => {
    const settled: T[] = [];
    for (const each of all) void each.then((value) => settled.push(value) === count && resolve(settled), reject);
  });

describe.each(['access-refresh', 'session'])('password checks, %s', (id) => {
  /** Everyone comes from an address of their own. */
  const queued = async (options: AppOptions = {}) => {
    const started = await start(options, id);
    const user = await started.scenario.user();
    const hold = gate();
    started.directory.answers = hold.passed;
    const come = (index: number, init?: RequestInit) =>
      started.signIn(user.username, user.password, `198.51.100.${index}`, init);
    return { ...started, come, open: hold.open };
  };

  it('run a few at a time and 32 wait; more are told at once to come back, and count as no failure', async () => {
    const { come, open, directory } = await queued();
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
    const { come, open, signIn, scenario, directory } = await queued();
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
    const { open, signIn, scenario } = await queued({ limits: { failedSignInsPerAddress: false } });
    const users = await times(MOST_OF_ONE_NETWORK + 10, () => scenario.user());
    const all = users.map(({ username, password }) => signIn(username, password));
    // They are in the queue after a few round trips.
    for (let trips = 0; trips < 5; trips++) await scenario.roundTrip();
    open();
    expect((await Promise.all(all)).every(({ ok }) => ok)).toBe(true);
  });

  it('are skipped for clients that left while they waited', async () => {
    const { come, open, directory } = await queued();
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
    const { come, directory, scenario } = await queued();
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
