import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../test/support/run.ts';
import type { Cell, Run } from '../model/run-file.ts';
import { renderHtml } from './html/render-html.ts';
import { renderResults } from './results.ts';

const [example] = exampleRun().cells.filter(({ role }) => role === 'strategy');
const cell = (suite: string, metric: Cell['metric'], median: number, params: Cell['params']): Cell => ({
  ...example!, suite, metric, median, params, unit: '', blocks: [median], ratio: null, added: null, variant: 'hardened',
}); // prettier-ignore

const cells = [
  ...[1, 2, 4].flatMap((nodes) => [
    cell('scale', 'revocation-p99', 10 + nodes, { nodes, probes: 100 }),
    cell('scale', 'admitted-elsewhere', 100, { nodes, store: 'redis' }),
    cell('scale', 'store-commands', 11, { nodes, op: 'renewal' }),
  ]),
  cell('no-shared-store', 'admitted-elsewhere', 0, { nodes: 2, store: 'memory' }),
  cell('storm', 'false-logouts', 15, { after: 'expiry', sockets: 10_000, code: 'token-reused 12, expired 3' }),
  cell('storm', 'event-loop-delay-max', 40, { after: 'expiry', sockets: 10_000 }),
  cell('storm', 'false-logouts', 0, { after: 'restart', sockets: 2000 }),
];
const nodes = (changed: readonly Cell[] = cells): Run => ({ ...exampleRun(), cells: [...changed] });
const text = renderResults(nodes(), 'run.json');

describe('a run of several nodes', () => {
  it('is compared with nothing, and says nothing of verdicts and twins', () => {
    for (const word of [/^## What to pick$/m, /withheld/, /twin/, /no-auth baseline/]) expect(text).not.toMatch(word);
    const page = renderHtml(nodes(), 'run.json');
    for (const id of ['costs', 'details']) expect(page).not.toContain(`id="${id}"`);
    expect(page).toContain('<section id="scale"');
    expect(page).toMatch(/class="answer">On \d nodes, a sign-out on one node ended/);
    expect(page).not.toContain('Noise of this run');
    expect(renderHtml(exampleRun(), 'run.json')).toContain('<section id="costs"');
  });

  it('has the limits that are its own, and another run those of one node', () => {
    expect(text).not.toContain('One node, memory stores');
    expect(text).toContain('are of one block each');
    const alone = renderResults(exampleRun(), 'run.json');
    expect(alone).toContain('One node, memory stores');
    expect(alone).not.toContain('are of one block each');
    const both = renderResults(nodes([...exampleRun().cells, ...cells]), 'run.json');
    expect(both).toContain('One node, memory stores');
    expect(both).toContain('are of one block each');
  });

  it('says how much each table rests on, and on how many nodes', () => {
    expect(text).toContain('by the number of nodes (100 clients, one block):');
    expect(text).toContain('| Strategy | 2 nodes | 4 nodes |');
    expect(text).toContain('| Accepted |');
    expect(text).toContain("Everyone's credential ends in one moment (10,000 sockets, one block):");
    expect(text).toContain('Their node is killed, and starts again (2,000 sockets, one block):');
  });

  it('says with which code people were signed out falsely', () => {
    expect(text).toContain(': token-reused 12, expired 3.');
    expect(text.match(/Refused for good/g)).toHaveLength(1);
  });

  it('has a column where there is a figure, and none where an older run has none', () => {
    expect(text).toContain('| Signed out falsely | Event loop max |');
    expect(text).not.toContain('Commands per rare message');
    const rare = cell('scale', 'store-commands', 8, { nodes: 4, op: 'rare message' });
    expect(renderResults(nodes([...cells, rare]), 'run.json')).toContain('| Commands per rare message |');
  });
});

describe('memory', () => {
  const churn = [cell('churn', 'rss-per-connection', 30, { connections: 400 })];

  it('has the heap beside it where that was measured', () => {
    const heap = cell('churn', 'heap-per-connection', 20, { connections: 400 });
    expect(renderResults(nodes([...churn, heap]), 'run.json')).toContain(
      '| Resident memory per idle connection | Heap per idle connection |',
    );
    expect(renderResults(nodes(churn), 'run.json')).not.toContain('| Heap per');
    expect(renderHtml(nodes([...churn, heap]), 'run.json')).toContain('Heap per connection');
  });
});
