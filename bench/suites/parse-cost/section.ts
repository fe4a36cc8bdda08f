import type { Run } from '../../model/run-file.ts';
import { amount, spread } from '../../report/format.ts';
import { guardBesideMessage } from '../guard-cost/section.ts';
import { type Column, entryColumns, explainedTable } from '../../report/legend.ts';
import { ratioOf } from '../../report/ratio-of.ts';
import { type Row, rowsOf, valuesOf } from '../../report/rows.ts';

/** The guard beside the message; one table a load, the saturated one first; then in what the peers behave differently. */
export function messageSection(run: Run): string {
  const loads = valuesOf(run, 'server-cpu-per-message', 'load', 'parse-cost').map(String);
  const tables = loads.map((load) => `${titleOf(load)}:\n\n${loadTable(run, load)}`);
  return [guardBesideMessage(run), ...tables, ...peerDifferences(run)].filter((part) => part !== '').join('\n\n');
}

const titleOf = (load: string): string => (load === 'saturated' ? 'Saturated' : `Open loop, ${load}`);

const LAG = 'Sent late by';

const columns: readonly Column[] = [
  ['CPU per message', 'the CPU time that the server spends on one, the median of all repetitions.'],
  ['Spread', 'half the width of the 95% interval of that time.'],
  [
    'Against the no-auth baseline',
    'the ratio to `_no-auth` in the same repetition, which a busy machine changes less than the time.',
  ],
  ['Messages/s', 'how many messages the server answered in a second.'],
  ['p50', 'half of the messages were answered within this time.'],
  ['p99', '99% of the messages were answered within this time.'],
  [LAG, '99% of the messages were sent at most so long after their time.'],
  ['Garbage collection', 'the CPU time of garbage collection per message.'],
];

function loadTable(run: Run, load: string): string {
  const lagged = run.cells.some(({ metric, params }) => metric === 'send-lag-p99' && params['load'] === load);
  const shown = columns.filter(([name]) => lagged || name !== LAG);
  return explainedTable(
    [...entryColumns, ...shown],
    rowsOf(run, 'parse-cost').map((row) => {
      const cpu = row.cell('server-cpu-per-message', { load });
      return [row.strategy, row.kind, amount(cpu), ...(cpu?.void === undefined ? rest(row) : [])];
    }),
  );

  function rest(row: Row): string[] {
    const cpu = row.cell('server-cpu-per-message', { load });
    return [
      cpu ? spread(cpu) : '',
      ratioOf(run, cpu),
      amount(row.cell('messages-per-second', { load })),
      amount(row.cell('latency-p50', { load })),
      amount(row.cell('latency-p99', { load })),
      ...(lagged ? [amount(row.cell('send-lag-p99', { load }))] : []),
      amount(row.cell('gc-per-message', { load })),
    ];
  }
}

function peerDifferences({ entries }: Run): string[] {
  const peers = Object.entries(entries).filter(([, { role, differs = [] }]) => role === 'peer' && differs.length > 0);
  if (peers.length === 0) return [];
  const lines = peers.map(
    ([id, { summary, differs = [] }]) =>
      `- **\`${id}\`**: ${summary}. ${differs.map((sentence) => `${sentence}.`).join(' ')}`,
  );
  return [`What the peers are, and in what they behave differently:\n\n${lines.join('\n')}`];
}
