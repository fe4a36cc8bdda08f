import type { Run } from '../../model/run-file.ts';
import { amount, spread, table } from '../../report/format.ts';
import { guardBesideMessage } from '../guard-cost/section.ts';
import { addedOf, ratioOf } from '../../report/ratio-of.ts';
import { type Row, rowsOf, valuesOf } from '../../report/rows.ts';

/** The guard beside the message; one table a load, the saturated one first; then in what the peers behave differently. */
export function messageSection(run: Run): string {
  const loads = valuesOf(run, 'server-cpu-per-message', 'load', 'parse-cost').map(String);
  const tables = loads.map((load) => `${titleOf(load)}:\n\n${loadTable(run, load)}`);
  return [guardBesideMessage(run), ...tables, ...peerDifferences(run)].filter((part) => part !== '').join('\n\n');
}

const titleOf = (load: string): string => (load === 'saturated' ? 'Saturated' : `Open loop, ${load}`);

function loadTable(run: Run, load: string): string {
  const head = ['Strategy', 'Variant', 'CPU per message', 'spread', 'against the no-auth baseline', 'added'];
  const more = ['messages/s', 'p50', 'p99', 'sent late by (p99)', 'garbage collection'];
  const lagged = run.cells.some(({ metric, params }) => metric === 'send-lag-p99' && params['load'] === load);
  const columns = lagged ? more : more.filter((name) => name !== 'sent late by (p99)');
  return table(
    [...head, ...columns],
    rowsOf(run, 'parse-cost').map((row) => {
      const cpu = row.cell('server-cpu-per-message', { load });
      return [row.label, row.kind, amount(cpu), ...(cpu?.void === undefined ? rest(row) : [])];
    }),
  );

  function rest(row: Row): string[] {
    const cpu = row.cell('server-cpu-per-message', { load });
    return [
      cpu ? spread(cpu) : '',
      ratioOf(run, cpu),
      addedOf(run, cpu),
      amount(row.cell('messages-per-second', { load })),
      amount(row.cell('latency-p50', { load })),
      amount(row.cell('latency-p99', { load })),
      ...(lagged ? [amount(row.cell('send-lag-p99', { load }))] : []),
      amount(row.cell('gc-per-message', { load })),
    ];
  }
}

function peerDifferences({ entries }: Run): string[] {
  const peers = Object.values(entries).filter(({ role, differs = [] }) => role === 'peer' && differs.length > 0);
  if (peers.length === 0) return [];
  const lines = peers.map(
    ({ title, summary, differs = [] }) =>
      `- **${title}**: ${summary}. ${differs.map((sentence) => `${sentence}.`).join(' ')}`,
  );
  return [`What the peers are, and in what they behave differently:\n\n${lines.join('\n')}`];
}
