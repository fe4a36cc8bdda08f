import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import { MemoryDirectory } from '../shared/accounts/directory.ts';
import { defaultLifetimes } from '../shared/lifetimes.ts';
import { defaultSignInLimits } from '../shared/contract/sign-in-limits.ts';
import { memoryStores } from '../shared/stores/memory/index.ts';
import { type Admitted } from '../strategy.ts';
import { ClockedMemoryStore } from '../shared/stores/memory/sessions.ts';
import type { SessionRecord } from '../shared/stores/sessions.ts';
import { HardenedSessionAuthenticator } from './session.authenticator.ts';
import { Sessions } from './sessions.ts';

/** The hardened authenticator over a store that the test can look into, and one admitted session in it. */
async function admitted() {
  const clock = new ManualClock();
  const store = new ClockedMemoryStore(clock);
  const directory = new MemoryDirectory();
  const { subject } = await directory.add({ subject: 'ann', username: 'ann', password: 'a password' });
  const lifetimes = defaultLifetimes;
  const options = {
    variant: 'hardened',
    secret: 'a secret of the test, long enough',
    directory,
    clock,
    lifetimes,
    report: () => {},
    limits: defaultSignInLimits,
    addressOf: () => '192.0.2.1',
    extractToken: () => undefined,
    stores: { ...memoryStores(clock), sessions: store },
  } as const;
  const sessions = new Sessions(options);
  const authenticator = new HardenedSessionAuthenticator(sessions, options);
  const epoch = await options.stores.revocations.epoch();
  const user = { subject, roles: [], endsAt: clock.now() + lifetimes.absolute, epoch };
  const cookie = { originalMaxAge: lifetimes.sessionIdle, expires: new Date(clock.now() + lifetimes.sessionIdle) };
  const stored = { cookie, user } as unknown as SessionRecord;
  await promisify(store.set.bind(store))('the-session-id', stored);
  const request = { sessionID: 'the-session-id' } as unknown as IncomingMessage;
  const decision = (await authenticator.authenticate({ auth: {}, request, namespace: '/chat' })) as Admitted<never>;
  expect(decision.admitted).toBe(true);
  clock.advance(lifetimes.sessionStaleness);
  const read = () =>
    new Promise<SessionRecord | null | undefined>((resolve) => {
      store.get('the-session-id', (_, found) => resolve(found));
    });
  return {
    authenticator,
    clock,
    store,
    stored,
    user,
    decision,
    ask: () => authenticator.authorize({ admitted: decision }),
    read,
  };
}

describe('a message that finds its session stale', () => {
  it('shares one reading with every other that waits, and none follows within the staleness', async () => {
    const { store, authenticator, decision, clock } = await admitted();
    const touched = vi.spyOn(store, 'touch');
    const got = vi.spyOn(store, 'get');
    const connection = { admitted: decision };
    const decisions = await Promise.all(Array.from({ length: 100 }, async () => authenticator.authorize(connection)));
    expect(new Set(decisions).size).toBe(1);
    expect(touched).toHaveBeenCalledTimes(1);
    const gets = got.mock.calls.length;
    const fresh = decisions[0] as Admitted<never>;
    clock.advance(defaultLifetimes.sessionStaleness - 1);
    for (let i = 0; i < 100; i++) expect(authenticator.authorize({ admitted: fresh })).toBe(fresh);
    expect(got).toHaveBeenCalledTimes(gets);
    clock.advance(1);
    await authenticator.authorize({ admitted: fresh });
    expect(touched).toHaveBeenCalledTimes(2);
  });

  it('brings nothing back that a sign-out destroyed while it was read', async () => {
    const { ask, store, read } = await admitted();
    const touch = store.touch.bind(store);
    vi.spyOn(store, 'touch').mockImplementation((id, session, done) => {
      store.destroy(id, () => touch(id, session, done));
    });
    await ask();
    expect(await read()).toBeUndefined();
  });

  it('undoes no downgrade that was saved while it was read', async () => {
    const { ask, store, stored, user, read } = await admitted();
    const downgraded = { ...stored, user: { ...user, roles: ['guest'] } };
    const touch = store.touch.bind(store);
    vi.spyOn(store, 'touch').mockImplementation((id, session, done) => {
      store.set(id, downgraded, () => touch(id, session, done));
    });
    await ask();
    expect(await read()).toMatchObject({ user: { roles: ['guest'] } });
  });

  it('is refused where the store does not answer in time, and served again when it does', async () => {
    const { ask, store, clock } = await admitted();
    const hung = vi.spyOn(store, 'get').mockImplementation(() => {});
    const asked = ask();
    clock.advance(5000);
    await expect(asked).rejects.toThrow('in time');
    hung.mockRestore();
    expect(await ask()).toMatchObject({ admitted: true });
  });

  it.each(['touch', 'get'] as const)('waits no longer than 5 s for a %s that never answers', async (call) => {
    const { authenticator, decision, store, clock } = await admitted();
    const connection = { admitted: decision };
    const hung = vi.spyOn(store, call).mockImplementation(() => {});
    const first = Promise.resolve(authenticator.authorize(connection));
    first.catch(() => {});
    await vi.waitUntil(() => hung.mock.calls.length > 0);
    clock.advance(5000);
    hung.mockRestore();
    await new Promise(setImmediate);
    expect(await authenticator.authorize(connection)).toMatchObject({ admitted: true });
  });

  it('never saves a session', async () => {
    const { ask, store } = await admitted();
    const saved = vi.spyOn(store, 'set');
    expect(await ask()).toMatchObject({ admitted: true });
    expect(saved).not.toHaveBeenCalled();
  });
});
