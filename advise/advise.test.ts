import { describe, expect, it } from 'vitest';
import { adviceRecords, askAdvice as ask, demand, type Made, session } from '../test/support/advice-run.ts';
import { type Advice, advise } from './advise.ts';
import type { Demand } from './demand.ts';
import { whatIfs } from './what-if.ts';

const ranksOf = ({ tiers }: Advice) => tiers.map(({ options }) => options.map(({ strategy }) => strategy));
const reasonsOf = (made: Made, changed: Partial<Demand> = {}) => ask([made], changed).failing[0]?.reasons;
const only = (advice: Advice) => advice.tiers[0]!.options[0]!;

describe('an option does not meet a demand', () => {
  it.each<[string, Made, Partial<Demand>, unknown]>([
    ['that receives after expiry', { id: 'a', receives: 2000 }, { revocationWithin: 500 }, { kind: 'goes on after expiry', acts: false, receives: true }],
    ['whose revocation is too slow', { id: 'a', banned: 60 }, { revocationWithin: 50 }, { kind: 'revocation too slow', ms: 60 }],
    ['that no ban ends', { id: 'a', banned: null }, { revocationWithin: 1e12 }, { kind: 'revocation too slow', ms: Infinity }],
    ['that ends silent listeners', session, {}, { kind: 'ends connections', silentOnly: true }],
    ['that ends whoever does not sign in again', { id: 'a', atExpiry: 'ended for good' }, { silentListeners: false }, { kind: 'ends connections', silentOnly: false }],
    ['whose expiry was not measured', { id: 'a', atExpiry: 'not measured' }, {}, { kind: 'not measured', what: 'expiry' }],
    ['that no other node hears of', { id: 'a' }, { nodes: 2, sharedStore: false }, { kind: 'revocation too slow', ms: 900_000 }],
    ['whose sessions need a store', { ...session }, { nodes: 2, sharedStore: false, silentListeners: false, revocationWithin: 1e9 }, { kind: 'needs a shared store' }],
  ])('%s', (_, made, changed, reason) => {
    expect(reasonsOf(made, changed)).toEqual([reason]);
    expect(ask([made], changed).tiers).toEqual([]);
  }); // prettier-ignore

  it('but does where a busy machine ended it some hundred ms late', () => {
    expect(ask([{ id: 'a', receives: 800 }], { revocationWithin: 50 }).failing).toEqual([]);
    expect(reasonsOf({ id: 'a', receives: 1200 }, { revocationWithin: 50 })).toHaveLength(1);
  });

  it('and does where none of these holds', () => {
    expect(ask([{ id: 'a', banned: 50 }], { revocationWithin: 50 }).failing).toEqual([]);
    expect(ask([session], { silentListeners: false }).failing).toEqual([]);
    expect(ask([{ id: 'a' }], { nodes: 2, sharedStore: false, revocationWithin: 900_000 }).failing).toEqual([]);
  });

  it('without an audit by what the run saw, or says that nothing was measured', () => {
    const { run, candidates } = adviceRecords([{ id: 'a' }]);
    expect(advise(demand, run, undefined, candidates).failing[0]?.reasons).toEqual([
      { kind: 'not measured', what: 'revocation' },
    ]);
  });
});

describe('ranks', () => {
  const jwt = { renewal: 'http' } as const;

  it('first by what is lost, then by how often connections reconnect', () => {
    const often: Made = { id: 'often', atExpiry: 'reconnects', supports: jwt };
    const seldom: Made = { id: 'seldom', atExpiry: 'reconnects', supports: { ...jwt, issuesCredential: true } };
    const advice = ask([often, seldom, { id: 'in place', cpu: [9, 8, 10] }]);
    expect(ranksOf(advice)).toEqual([['in place'], ['seldom'], ['often']]);
    expect(advice.tiers.map(({ behindBy }) => behindBy)).toEqual([undefined, 'loss', 'reconnects']);
    expect(advice.tiers[2]!.options[0]!.reconnectsPerDay).toBe(96);
  });

  const calm = [580, 0, 0] as const;
  it.each<[string, Record<string, Made['storm']>, string[][]]>([
    ['one that signs people out by mistake', { a: [20_000, 900, 0], calm, c: [900, 900, 3] }, [['calm'], ['a'], ['c']]],
    ['the same one on a slow machine, lower and longer', { a: [900, 70_000, 0], calm }, [['calm'], ['a']]],
    ['all in time, but at the same moment', { a: [20_000, 0, 0], calm }, [['calm'], ['a']]],
    ['none where one client is a moment late', { a: [900, 5, 0], calm }, [['a', 'calm']]],
    ['and no two of them are compared', { fast: [20_000, 900, 0], slow: [900, 70_000, 0] }, [['fast', 'slow']]],
  ])('then by storms: %s', (_, storms, ranks) => {
    const made = Object.entries(storms).map(([id, storm]): Made => ({ id, ...(storm && { storm }) }));
    expect(ranksOf(ask(made))).toEqual(ranks);
    // Without a run of several nodes, nothing is known of a storm.
    expect(ranksOf(ask(made, {}, false))).toEqual([Object.keys(storms)]);
  });

  it('then by a store that is asked twice as much, on several nodes', () => {
    const made: Made[] = [
      { id: 'a', nodes: { 2: [5, 300] } },
      { id: 'b', nodes: { 2: [5, 10] } },
    ];
    expect(ranksOf(ask(made, { nodes: 2 }))).toEqual([['b'], ['a']]);
    expect(ranksOf(ask(made))).toEqual([['a', 'b']]);
  });

  it('then by CPU where intervals lie apart, and by nothing that the run calls noise', () => {
    const cpu = (id: string, ...of: [number, number, number]): Made => ({ id, cpu: of });
    const dear = cpu('dear', 1.6, 1.5, 1.7);
    expect(ranksOf(ask([dear, cpu('same', 1.02, 0.97, 1.06)]))).toEqual([['same'], ['dear']]);
    expect(ranksOf(ask([cpu('a', 1.1, 1.08, 1.12), cpu('b', 1.02, 0.97, 1.06)]))).toEqual([['a', 'b']]);
    expect(ranksOf(ask([dear, cpu('wide', 1.2, 0.9, 1.55)]))).toEqual([['dear', 'wide']]);
    expect(ranksOf(ask([dear, cpu('dearer', 1.65, 1.55, 1.8), cpu('dearest', 14, 12, 15)]))).toEqual([
      ['dear', 'dearer'],
      ['dearest'],
    ]);
  });
});

describe('what it takes to run', () => {
  it('counts the whole service: messages by the baseline, and renewals', () => {
    const { cost } = only(ask([{ id: 'a', renewsAhead: [0.25, 0.25], nodes: { 1: [5, 10] } }]));
    expect(cost.renewalsPerSecond).toBeCloseTo(9000 / (900 * 0.75));
    expect(cost.cores).toBeCloseTo((1000 * 50 + (9000 / 675) * 1000) / 1e6);
    expect(cost.memory).toEqual({ mebibytes: (9000 * 32) / 1024, measuredTo: 10_000, of: 'resident memory' });
    expect(cost.storeCommandsPerSecond).toBeUndefined();
  });

  it('counts the share of authentication where the run found one', () => {
    expect(only(ask([{ id: 'a', cpu: [2, 1.9, 2.1] }])).cost.cores).toBeCloseTo((1000 * 100 + 10 * 2000) / 1e6);
  });

  it.each([
    [2, 4, 20, { kind: 'measured' }],
    [3, 8, 15, { kind: 'interpolated', between: [2, 4] }],
    [8, 12, 10, { kind: 'beyond', nearest: 4 }],
  ])('on %i nodes by what was measured', (nodes, exposure, commands, basis) => {
    const advice = ask([{ id: 'a', banned: 1, nodes: { 1: [0, 9], 2: [4, 20], 4: [12, 10] } }], {
      nodes,
      // Sign-out has a p99 of 5 ms in the audit.
      ...(exposure < 5 && { revocationWithin: 5 }),
    });
    expect(only(advice).exposure.ms).toBe(Math.max(exposure, 5));
    expect(only(advice).cost.storeCommandsPerSecond).toBeCloseTo(1000 + 10 * commands);
    expect(advice.notes).toContainEqual({ kind: 'nodes', basis });
    expect(advice.sources).toContain('nodes');
  });

  it('says that several nodes were not measured, and is no error', () => {
    const advice = ask([{ id: 'a' }], { nodes: 3 }, false);
    expect(advice.notes).toContainEqual({ kind: 'nodes', basis: { kind: 'not measured' } });
    expect(only(advice).exposure).toEqual({ ms: 5, from: 'audit' });
    expect(advice.sources).toEqual(['run', 'audit']);
  });

  it('goes beyond what was measured with a note, and is no error', () => {
    const { notes } = ask([{ id: 'a' }], { messagesPerSecond: 1e9, connections: 1e9 });
    expect(notes).toEqual([
      { kind: 'messages', measuredTo: 20_000 },
      { kind: 'connections', measuredTo: 10_000 },
    ]);
  });

  it('says which lifetimes are assumed, of those that are concerned alone', () => {
    const day = 86_400_000;
    const { notes } = ask([session, { id: 'long', supports: { issuesCredential: true } }, { id: 'a' }]);
    expect(notes).toEqual([
      { kind: 'lifetime', of: 'WS token', ms: 30 * day, strategies: ['long'] },
      { kind: 'lifetime', of: 'idle session', ms: 1_800_000, strategies: ['session'] },
    ]);
    expect(ask([{ id: 'a' }]).notes).toEqual([]);
  });
});

describe('what would change the pick', () => {
  const changesFor = (made: readonly Made[], changed: Partial<Demand> = {}) =>
    whatIfs(ask(made, changed), (asked) => ask(made, asked));

  it('is another kind of clients', () => {
    const made: Made[] = [session, { id: 'again', atExpiry: 'reconnects' }];
    expect(changesFor(made)).toEqual([
      { change: { kind: 'silent listeners', silentListeners: false }, picks: ['session hardened'] },
    ]);
    expect(changesFor(made, { silentListeners: false })).toEqual([
      { change: { kind: 'silent listeners', silentListeners: true }, picks: ['again hardened'] },
    ]);
  });

  it('is a store that the nodes share, or a revocation that may take longer, the shortest that does', () => {
    const made: Made[] = [{ id: 'a' }, { id: 'long', supports: { issuesCredential: true }, atExpiry: 'reconnects' }];
    expect(changesFor(made, { nodes: 2, sharedStore: false })).toEqual([
      { change: { kind: 'shared store', sharedStore: true }, picks: ['a hardened'] },
      { change: { kind: 'revocation', direction: 'from', ms: 900_000 }, picks: ['a hardened'] },
    ]);
  });

  it('is a revocation that must act sooner, but not by milliseconds that an audit cannot tell apart', () => {
    const slow: Made = { id: 'slow', banned: 400 };
    const fast: Made = { id: 'fast', atExpiry: 'reconnects', banned: 9 };
    expect(changesFor([slow, fast])).toEqual([
      { change: { kind: 'revocation', direction: 'below', ms: 400 }, picks: ['fast hardened'] },
    ]);
    expect(changesFor([{ id: 'a', banned: 6 }, fast])).toEqual([]);
  });
});
