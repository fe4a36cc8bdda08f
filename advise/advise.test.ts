import { describe, expect, it } from 'vitest';
import type { Cell } from '../bench/model/run-file.ts';
import { auditReport } from '../test/support/audit-report.ts';
import { reportRun } from '../test/support/report-run.ts';
import { advise, AdviceError, type Candidate, type Demand, type Option } from './advise.ts';
import { flipsOf } from './flips.ts';
import { adviceTable } from './table.ts';

const demand: Demand = {
  messagesPerSecond: 1000,
  connections: 1000,
  revocationWithin: 5000,
  tokenTtl: 300_000,
  nodes: 1,
  sharedStore: true,
};
const supports = { credential: true, cookie: false, renewal: 'http', issuesCredential: false, token: 'jwt' } as const;
const run = reportRun();
const ids = [...new Set(run.cells.filter(({ role }) => role === 'strategy').map(({ strategy }) => strategy))];
const candidates: Candidate[] = ids.map((id) => ({
  id,
  title: id,
  variants: { hardened: { supports }, 'as-published': { supports } },
}));
const spread = { n: 100, p50: 1, p95: 3, p99: 5, max: 8, censored: 0 };
const audit = auditReport({
  staleness: ids.flatMap((strategy) =>
    (['logout', 'ban'] as const).map((end) => ({
      strategy, variant: 'hardened' as const, end, handled: spread, delivered: spread, closed: spread,
    })),
  ),
}); // prettier-ignore

describe('advice', () => {
  const options = advise(demand, run, audit, candidates);

  it('ranks what serves by its cores, and puts what does not serve last, with the reason', () => {
    const served = options.filter(({ out }) => out === undefined);
    expect(served.length).toBeGreaterThan(0);
    expect(served.map(({ cores }) => cores)).toEqual(served.map(({ cores }) => cores).toSorted((a, b) => a - b));
    expect(options.filter(({ variant }) => variant === 'as-published').every(({ out }) => out !== undefined)).toBe(
      true,
    );
  });

  it('in a table says where a run is too small to say, as a quick one is for 20,000 connections', () => {
    const [baseline] = run.cells.filter(({ role }) => role === 'baseline');
    const held: Cell = { ...baseline!, metric: 'heap-per-connection', params: { connections: 400 } };
    const small = { ...run, cells: [...run.cells, held] };
    const text = adviceTable(small, audit, candidates);
    expect(text).toMatch(/20,000 quiet connections.*past what this run measured/);
    expect(text.match(/past what this run measured/g)).toHaveLength(1);
  });

  it('cites cells that are in the run', () => {
    const cited = options.flatMap(({ perMessage, perRenewal }) => [perMessage.cell, perRenewal.cell]);
    const names = run.cells.map(({ suite, strategy, variant, metric, params }) =>
      [suite, strategy, variant, metric, params['load']].filter(Boolean).join(' '),
    );
    expect(names).toEqual(expect.arrayContaining(cited));
  });

  it('grows with the messages by what each costs, and by nothing else', () => {
    const [one] = options;
    const twice = advise({ ...demand, messagesPerSecond: 2000 }, run, audit, candidates).find(
      ({ strategy, variant }) => strategy === one!.strategy && variant === one!.variant,
    );
    expect(twice!.cores - one!.cores).toBeCloseTo((1000 * one!.perMessage.us) / 1e6, 9);
  });

  it('leaves out whoever acts for longer after a revocation than is allowed', () => {
    const strict = advise({ ...demand, revocationWithin: 4 }, run, audit, candidates);
    expect(strict.map(({ out }) => out)).not.toContain(undefined);
    expect(strict.some(({ out }) => out === 'a revoked credential acts for 5 ms')).toBe(true);
  });

  it.each([
    ['several nodes where none were measured', { nodes: 2 }, /--profile nodes$/],
    ['more messages than ten times what was measured', { messagesPerSecond: 1e9 }, /ask with at most \d+$/],
  ])('says nothing of %s', (_, changed, message) => {
    const ask = () => advise({ ...demand, ...changed }, run, audit, candidates);
    expect(ask).toThrow(AdviceError);
    expect(ask).toThrow(message);
  });
});

describe('advice for several nodes', () => {
  const [example] = run.cells.filter(({ role, void: why }) => role === 'strategy' && why === undefined);
  const measured = (metric: Cell['metric'], median: number, params: Cell['params']): Cell => ({
    ...example!, suite: 'scale', metric, median, params, variant: 'hardened',
  }); // prettier-ignore
  const nodes = {
    ...run,
    cells: [
      measured('revocation-p99', 40, { nodes: 2 }),
      measured('server-cpu-per-renewal', 3, { nodes: 2 }),
      measured('store-commands', 11, { nodes: 2, op: 'renewal' }),
      measured('store-commands', 8, { nodes: 2, op: 'rare message' }),
    ],
  };
  const ask = (changed: Partial<Demand>) => advise({ ...demand, nodes: 2, ...changed }, run, audit, candidates, nodes);
  const own = (options: readonly Option[]) =>
    options.find(({ strategy, variant }) => strategy === example!.strategy && variant === 'hardened')!;

  it('answers from the points that were measured', () => {
    const { perRenewal, storeOperationsPerSecond, exposure } = own(ask({}));
    expect({ us: perRenewal.us, exposure }).toEqual({ us: 3000, exposure: 40 });
    expect(storeOperationsPerSecond).toBeCloseTo(perRenewal.perSecond * 11 + demand.messagesPerSecond * 8);
  });

  it('counts one message for each second that a connection talks in, and nothing where none was measured', () => {
    const { perRenewal, storeOperationsPerSecond } = own(ask({ messagesPerSecond: 5000 }));
    expect(storeOperationsPerSecond).toBeCloseTo(perRenewal.perSecond * 11 + demand.connections * 8);
    const without = { ...nodes, cells: nodes.cells.filter(({ params }) => params['op'] !== 'rare message') };
    const options = advise({ ...demand, nodes: 2 }, run, audit, candidates, without);
    expect(own(options).storeOperationsPerSecond).toBeUndefined();
  });

  it('cautions of a storm that signed people out falsely, with how many of how many', () => {
    const lost = measured('false-logouts', 12, { after: 'expiry', sockets: 1000, code: 'token-reused 12' });
    const options = advise(demand, run, audit, candidates, { ...nodes, cells: [...nodes.cells, lost] });
    expect(own(options).caution).toMatch(/^when 1000 .* 12 connections .* \(token-reused 12\)/);
    expect(own(ask({})).caution).toBeUndefined();
  });

  it('names what its figures are from, and nothing else', () => {
    expect(own(ask({})).from).toEqual(['run', 'audit', 'nodes']);
    expect(own(ask({ sharedStore: false })).from).toEqual(['run']);
    expect(own(ask({ nodes: 1 })).from).toEqual(['run', 'audit']);
  });

  it('says nothing between them, and names them', () => {
    expect(() => ask({ nodes: 3 })).toThrow(/Measured with 2 nodes/);
  });

  it('knows that without a shared store a credential ends by itself alone', () => {
    expect(own(ask({ sharedStore: false })).exposure).toBe(demand.tokenTtl);
    expect(own(ask({ sharedStore: false })).out).toBe('a revoked credential acts for 5 minutes');
  });
});

describe('a flip', () => {
  const option = (strategy: string, us: number, renewals: number, exposure: number): Option => ({
    strategy,
    variant: 'hardened',
    title: strategy,
    cores: 0,
    perMessage: { perSecond: 1, us, cell: '' },
    perRenewal: { perSecond: renewals, us: 1000, cell: '' },
    storeOperationsPerSecond: 0,
    exposure,
    exposureFrom: '',
    from: [],
  });

  it('is where two straight lines cross, on either side', () => {
    expect(flipsOf([option('steep', 4, 0, 10), option('flat', 2, 2, 20)])).toEqual([
      { input: 'messages-per-second', at: 1000, direction: 'above', to: 'flat' },
    ]);
    expect(flipsOf([option('flat', 2, 2, 10), option('steep', 4, 0, 20)])).toEqual([
      { input: 'messages-per-second', at: 1000, direction: 'below', to: 'steep' },
    ]);
  });

  it('is none where it would take less than a message a second', () => {
    expect(flipsOf([option('flat', 2, 2, 10), option('steep', 4, 1.9995, 20)])).toEqual([]);
  });

  it('is also where the first is too slow to revoke, and another is not', () => {
    expect(flipsOf([option('slow', 2, 0, 40), option('fast', 3, 0, 10)])).toEqual([
      { input: 'revocation-within', at: 40, direction: 'below', to: 'fast' },
    ]);
  });
});
