import { describe, expect, it } from 'vitest';
import type { Clock } from '../../clock.ts';
import { memoryStores } from '../memory/index.ts';
import type { RefreshFamilies } from '../families.ts';
import type { Revocations } from '../revocations.ts';
import type { SignIns } from '../sign-ins.ts';
import { type CreateStores, storeTests, type TestedStores } from './index.ts';

/** The ids of the tests that fail. */
async function failing(create: CreateStores): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  storeTests((name, run) => tests.push([name, run]), create);
  const failed: string[] = [];
  for (const [name, run] of tests) {
    await run().catch(() => failed.push(name.split(':', 1)[0]!));
  }
  return failed;
}

/** Stores in memory whose `part` is replaced; methods that the mutant does not have are those of the original. */
const mutant =
  <K extends 'attempts' | 'families' | 'revocations' | 'signIns' | 'sessions'>(
    part: K,
    mutate: (original: TestedStores[K], clock: Clock) => Partial<TestedStores[K]>,
  ): CreateStores =>
  (clock) => {
    const stores = memoryStores(clock);
    const original = stores[part] as object;
    const mutated = mutate(stores[part], clock) as object;
    const replaced = new Proxy(original, {
      get(target, name) {
        const owner = name in mutated ? mutated : target;
        const value: unknown = Reflect.get(owner, name);
        return typeof value === 'function' ? value.bind(owner) : value;
      },
    });
    return { ...stores, [part]: replaced };
  };

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Reads, waits and writes, as two statements of a database would without a transaction. */
function notAtomic(original: RefreshFamilies): Partial<RefreshFamilies> {
  const current = new Map<string, string>();
  return {
    begin(pair) {
      current.set(pair.refresh.sessionId, pair.refresh.tokenId);
      return original.begin(pair);
    },
    async rotate(sessionId, presentedId, next, now, grace) {
      const isCurrent = current.get(sessionId) === presentedId;
      await turn();
      if (!isCurrent) return original.rotate(sessionId, presentedId, next, now, grace);
      current.set(sessionId, next.refresh.tokenId);
      return { outcome: 'rotated', pair: next };
    },
  };
}

/** Takes epochs from a node's clock. */
function byTheClock(original: Revocations, clock: Clock): Partial<Revocations> {
  const revokedAt = new Map<string, number>();
  return {
    epoch: async () => clock.now() * 1000,
    async publish(revocation, until, bannedUntil) {
      revokedAt.set(revocation.subject, clock.now() * 1000);
      await original.publish(revocation, until, bannedUntil);
    },
    check: async ({ subject, epoch = 0 }) => (epoch < (revokedAt.get(subject) ?? 0) ? 'revoked' : undefined),
  };
}

/** Orders sign-ins by a node's clock. */
function clockedPlaces(_: SignIns, clock: Clock): SignIns {
  const seen = new Map<string, Map<string, { at: number; until: number; epoch: number }>>();
  return {
    async enter(subject, { name, until, epoch }) {
      const all = seen.get(subject) ?? new Map();
      seen.set(subject, all.set(name, all.get(name) ?? { at: clock.now(), until, epoch }));
      return [...all]
        .toSorted(([, a], [, b]) => a.at - b.at)
        .map(([one, kept]) => ({ names: [one], until: kept.until, epoch: kept.epoch }));
    },
    async leave(subject, name) {
      seen.get(subject)?.delete(name);
    },
  };
}

/** Says how much was ever written, and deletes nothing. */
const leaking: CreateStores = (clock) => {
  const stores = memoryStores(clock);
  let written = 0;
  const { attempts } = stores;
  const counting = {
    add: (name: string) => ((written += 1), attempts.add(name)),
    takeBack: attempts.takeBack.bind(attempts),
    clear: attempts.clear.bind(attempts),
  };
  return { ...stores, attempts: counting, size: () => written };
};

describe('the tests of stores find', () => {
  it.each<[string, CreateStores, readonly string[]]>([
    [
      'a store that forgets revocations',
      mutant('revocations', () => ({ check: async () => undefined })),
      ['ban', 'revocation-order'],
    ],
    ['a store that forgets families', mutant('families', () => ({ begin: async () => {} })), ['family-rotates']],
    ['a store that forgets sign-ins', mutant('signIns', () => ({ enter: async () => [] })), ['sign-ins-ordered']],
    ['revocations that are ordered by the clock', mutant('revocations', byTheClock), ['revocation-order']],
    ['sign-ins that are ordered by the clock', mutant('signIns', clockedPlaces), ['sign-ins-ordered']],
    ['a rotation that is not atomic', mutant('families', notAtomic), ['family-atomic']],
    [
      'attempts that are not atomic',
      mutant('attempts', (original) => {
        let count = 0;
        return {
          async add(name) {
            const before = count;
            await turn();
            count = before + 1;
            return { ...(await original.add(name)), count };
          },
        };
      }),
      ['attempts-atomic'],
    ],
    [
      'a store that goes on after the end',
      mutant('sessions', (original) => {
        const kept = new Map<string, unknown>();
        return {
          set: (id: string, session: unknown, done: () => void) => (kept.set(id, structuredClone(session)), done()),
          get: ((id: string, done: (error: unknown, stored: unknown) => void) => done(null, kept.get(id))) as never,
          touch: original.touch as never,
        };
      }),
      ['session-expires'],
    ],
    ['a store that keeps what has run out', leaking, ['bounded']],
    [
      'a store whose listeners hear before it remembers',
      mutant('revocations', (original) => {
        const listeners = new Set<(revocation: never) => void>();
        return {
          onRevoked: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
          async publish(revocation, until, bannedUntil) {
            for (const listener of listeners) listener(revocation as never);
            await turn();
            await original.publish(revocation, until, bannedUntil);
          },
        };
      }),
      ['listeners'],
    ],
    [
      'a touch that undoes a change',
      mutant('sessions', (original) => ({ touch: original.set.bind(original) as never })),
      ['session-touched', 'session-destroyed'],
    ],
  ])('%s', async (_, create, expected) => {
    const failed = await failing(create);
    expect(failed).toEqual(expect.arrayContaining([...expected]));
  });

  it('nothing wrong with the stores in memory', async () => {
    expect(await failing(memoryStores)).toEqual([]);
  });

  it('a misspelt exception', () => {
    expect(() => storeTests(() => {}, memoryStores, { except: ['atempts-atomic'] })).toThrow(/attempts-atomic/);
  });

  it('no use for a parameter: Jest would take it for a callback', () => {
    storeTests((_name, run) => expect(run).toHaveLength(0), memoryStores);
  });
});
