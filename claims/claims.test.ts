import { describe, expect, it } from 'vitest';
import { auditReport } from '../test/support/audit-report.ts';
import { reportRun } from '../test/support/report-run.ts';
import type { Cell } from '../bench/model/run-file.ts';
import { verdictsOf, claims } from './index.ts';
import { demonstrations } from './demonstrations/index.ts';
import { observations } from './observations.ts';
import { agreement, agreementText } from './replicate.ts';
import { contradictions } from './render.ts';
import type { Recorded, Seen } from './evidence.ts';

const nothing: Recorded = { platforms: [], observations: {} };

const verdictOn = (id: string, recorded: Partial<Recorded>) =>
  verdictsOf({ ...nothing, ...recorded }).find(({ claim }) => claim.id === id)!.verdict;

/** A cell of a strategy, like one of the example's. */
function cell(changed: Partial<Cell>): Cell {
  const [example] = reportRun().cells.filter(
    ({ metric, ratio }) => metric === 'server-cpu-per-message' && ratio !== null,
  );
  return { ...example!, role: 'strategy', void: undefined, ...changed };
}
const runOf = (...cells: Cell[]) => ({ run: { ...reportRun(), cells } });
const ratio = (estimate: number, ciLow: number, ciHigh: number): Cell['ratio'] => ({
  estimate, ciLow, ciHigh, p: 0.001, n: 12,
}); // prettier-ignore
const lasting = (strategy: string, metric: Cell['metric'], ms: number, censored = false): Cell =>
  cell({
    suite: 'expiry',
    strategy,
    variant: 'as-published',
    metric,
    median: ms,
    blocks: [ms],
    ratio: null,
    params: {},
    ...(censored && { censored: true }),
  });
const costing = (variant: 'as-published' | 'hardened', of: Cell['ratio']): Cell =>
  cell({ strategy: 'access-refresh', variant, ratio: of, params: { load: 'saturated' } });
const onNest = (...seen: [string, string, Seen][]): Partial<Recorded> => ({
  platforms: seen.map(([nest, demonstration, what]) => ({ nest, seen: { [demonstration]: what } })),
});

describe('the registry', () => {
  it('has the claims of every file of catalogue/, each once, with all that stands before its experiment', () => {
    expect(claims.length).toBeGreaterThanOrEqual(25);
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
    for (const { judge: _, needs: __, ...stated } of claims) {
      for (const text of Object.values(stated)) expect(text).not.toBe('');
    }
  });

  it('names experiments that there are', () => {
    for (const { needs } of claims) {
      for (const name of needs.demonstrations ?? []) expect(demonstrations).toHaveProperty([name]);
      for (const name of needs.observations ?? []) expect(observations).toHaveProperty([name]);
    }
  });

  it('tells nothing where nothing was recorded', () => {
    const told = verdictsOf(nothing).filter(
      ({ verdict }) => !['inconclusive', 'awaiting: scale'].includes(verdict.outcome),
    );
    expect(told.map(({ claim }) => claim.id)).toEqual([]);
  });
});

describe('a verdict', () => {
  it.each([
    ['qualified', ratio(4.5, 4.3, 4.7), ratio(1.01, 0.98, 1.05)],
    ['supported', ratio(4.5, 4.3, 4.7), ratio(2, 1.9, 2.1)],
    ['refuted', ratio(1.05, 1, 1.1), ratio(1.01, 0.98, 1.05)],
    ['inconclusive', ratio(1.3, 1.1, 1.5), ratio(1.01, 0.98, 1.05)],
    ['inconclusive', ratio(4.5, 4.3, 4.7), ratio(1.15, 1, 1.3)],
  ] as const)('of what parsing costs is %s where the numbers say so', (outcome, each, once) => {
    const recorded = runOf(costing('as-published', each), costing('hardened', once));
    expect(verdictOn('refresh-parse-cost', recorded).outcome).toBe(outcome);
  });

  it.each([
    ['supported', 1, false],
    ['refuted', 900, false],
    ['refuted', 2000, true],
  ] as const)('of expiry is %s where the last message was handled after %i ms', (outcome, ms, censored) => {
    const recorded = runOf(lasting('access-refresh', 'accepted-after-expiry', ms, censored));
    expect(verdictOn('expiry-breaks-session', recorded).outcome).toBe(outcome);
  });

  it('is inconclusive where blocks disagree', () => {
    const torn = { ...lasting('access-refresh', 'accepted-after-expiry', 100), blocks: [1, 900] };
    expect(verdictOn('expiry-breaks-session', runOf(torn)).outcome).toBe('inconclusive');
  });

  it.each([
    ['refuted', 0, 3],
    ['refuted', 1, 0],
    ['supported', 0, 0],
  ] as const)('of disconnecting is %s where %i and %i events were handled', (outcome, handledSync, handledAsync) => {
    const recorded = onNest(['12.0.0', 'disconnect-in-base', { handledSync, handledAsync }]);
    expect(verdictOn('disconnect-protects', recorded).outcome).toBe(outcome);
  });

  it('names the lines of Nest where they differ', () => {
    const verdict = verdictOn(
      'guards-skip-connection',
      onNest(
        ['12.0.0', 'guards-at-connect', { atConnect: 1, perMessage: 1 }],
        ['11.0.0', 'guards-at-connect', { atConnect: 0, perMessage: 1 }],
      ),
    );
    expect(verdict).toMatchObject({ outcome: 'qualified', condition: 'It depends on the line of Nest' });
    expect(verdict.figure).toBe(
      'Nest 12.0.0: refuted; atConnect: 1, perMessage: 1. Nest 11.0.0: supported; atConnect: 0, perMessage: 1',
    );
  });

  it.each([
    ['supported', 'pass', 'pass'],
    ['qualified', 'deviation', 'pass'],
    ['refuted', 'deviation', 'fail'],
    ['inconclusive', 'deviation', 'unknown'],
  ] as const)(
    'of sessions is %s where the published one is a %s and the hardened one a %s',
    (outcome, published, hardened) => {
      const findings = (of: 'pass' | 'deviation' | 'fail' | 'unknown') =>
        ['expiry-inbound', 'logout-this', 'stale-roles'].map((id) => ({ id, outcome: of }));
      const column = { strategy: 'session', title: 'Session' };
      const columns = [
        { ...column, variant: 'as-published' as const, findings: findings(published) },
        { ...column, variant: 'hardened' as const, findings: findings(hardened) },
      ];
      const audit = auditReport({ inside: { audits: [], columns } });
      expect(verdictOn('session-guards-work', { audit }).outcome).toBe(outcome);
    },
  );
});

describe('prose', () => {
  const judged = verdictsOf({
    ...nothing,
    ...onNest(['12.0.0', 'handshake-field', { authentication: false, auth: true }]),
  });

  it('that says what was computed is let be', () => {
    expect(contradictions(judged, { 'README.md': '<!-- claim handshake-field: refuted -->It has none.' })).toEqual([]);
  });

  it('that says otherwise is told, as is a claim that there is not', () => {
    const text = '<!-- claim handshake-field: supported --> <!-- claim no-such: refuted -->';
    expect(contradictions(judged, { 'README.md': text })).toEqual([
      'README.md says that handshake-field is supported: it is refuted',
      'README.md says that no-such is refuted: it is no claim',
    ]);
  });
});

describe('a replica', () => {
  it('agrees where it comes to the same verdict by other numbers, and differs where it does not', () => {
    const judged = (ms: number) =>
      verdictsOf({ ...nothing, ...runOf(lasting('access-refresh', 'accepted-after-expiry', ms)) });
    expect(agreement(judged(1), judged(20))).toMatchObject([{ id: 'expiry-breaks-session', agrees: true }]);
    expect(agreement(judged(1), judged(900))).toMatchObject([{ id: 'expiry-breaks-session', agrees: false }]);
    expect(agreement(judged(1), verdictsOf(nothing))).toMatchObject([{ agrees: undefined }]);
  });

  it('is told by its conclusion first, then what differs; what agrees is for --all', () => {
    const verdict = (outcome: 'holds' | 'refuted', figure: string) => ({ outcome, figure }) as never;
    const row = (id: string, agrees: boolean | undefined) => ({
      id, agrees, recorded: verdict('holds', '3 times'), own: verdict('refuted', '1 time'),
    }); // prettier-ignore
    const rows = [row('one', true), row('two', undefined), row('three', false)];
    const text = agreementText(rows, false).split('\n');
    expect(text[0]).toBe('This machine agrees with 1 of 3 claims; 1 comes out differently; this run cannot decide 1.');
    expect(text.slice(1, 4)).toEqual(['differs: three', '  recorded  holds: 3 times', '  here      refuted: 1 time']);
    expect(text.join('\n')).not.toContain('agrees: one');
    expect(agreementText(rows, true)).toContain('agrees: one');
    expect(agreementText([], true)).toBe('This machine agrees with 0 of 0 claims.');
  });
});

describe('several nodes', () => {
  const nodes = (metric: Cell['metric'], strategy: string, median: number, params: Cell['params']): Cell =>
    cell({ suite: 'scale', strategy, variant: 'hardened', metric, median, blocks: [median], ratio: null, params });
  const at = (...cells: Cell[]) => ({ nodes: { ...reportRun(), cells } });

  const admitted = (strategy: string, share: number, variant: Cell['variant'] = 'as-published'): Cell => ({
    ...nodes('admitted-elsewhere', strategy, share, { nodes: 2, store: 'memory' }), suite: 'no-shared-store', variant,
  }); // prettier-ignore
  const noSessions = [admitted('session', 0), admitted('session', 0, 'hardened')];
  const onlyHardened = (first: number, second: number): Cell[] => [
    admitted('access-refresh', first, 'hardened'),
    admitted('handshake-only', second, 'hardened'),
  ];

  it.each([
    ['every token is accepted', 100, onlyHardened(100, 100), 'supported'],
    ['no hardened token is accepted', 100, onlyHardened(0, 0), 'qualified'],
    ['the hardened tokens of one strategy alone are accepted', 100, onlyHardened(100, 0), 'inconclusive'],
    ['hardened tokens were not tried', 100, [], 'awaiting: scale'],
    ['not every token as published is accepted', 99, onlyHardened(0, 0), 'refuted'],
  ])('without a shared store, where no session is accepted and %s: %s', (_, published, hardened, outcome) => {
    const seen = [...noSessions, admitted('access-refresh', 100), admitted('handshake-only', published), ...hardened];
    const verdict = verdictOn('session-not-distributed', at(...seen));
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.condition !== undefined).toBe(outcome === 'qualified');
  });

  it('waits for tokens and both variants of sessions, and is refuted without them where a session is accepted', () => {
    const outcomeOf = (...cells: Cell[]) => verdictOn('session-not-distributed', at(...cells)).outcome;
    expect(outcomeOf(...noSessions)).toBe('awaiting: scale');
    expect(outcomeOf(noSessions[0]!, admitted('access-refresh', 100), ...onlyHardened(0, 0))).toBe('awaiting: scale');
    expect(outcomeOf(admitted('session', 1, 'hardened'))).toBe('refuted');
  });

  it('says with how many sockets people were signed out falsely', () => {
    const lost = nodes('false-logouts', 'access-refresh', 7, { after: 'expiry', sockets: 1000 });
    expect(verdictOn('refresh-connection-cost', at(lost)).figure).toMatch(
      /, with 1,000 sockets: .*, 7\.00 us signed out falsely$/,
    );
  });

  it.each([
    [2, 'supported'],
    [0.2, 'refuted'],
  ])('%s ms of CPU a renewal for a million connections: %s', (ms, outcome) => {
    const seen = nodes('server-cpu-per-renewal', 'access-refresh', ms, { nodes: 4 });
    expect(verdictOn('refresh-connection-cost', at(seen)).outcome).toBe(outcome);
  });
});
