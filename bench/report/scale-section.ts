import type { Run } from '../run-file.ts';
import { amount, table } from './format.ts';
import { rowsOf, valuesOf } from './rows.ts';

/** What the nodes share, what that costs the store, and how fast an end is heard of on all of them. */
export function scaleSection(run: Run): string {
  const counts = valuesOf(run, 'revocation-p99', 'nodes', 'scale').toSorted((a, b) => Number(a) - Number(b));
  const rows = rowsOf(run, 'scale');
  const ends = table(
    ['Strategy', ...counts.flatMap((nodes) => [`${nodes}: p50`, 'p99', 'max', 'survived'])],
    rows.map((row) => [
      row.label,
      ...counts.flatMap((nodes) =>
        (['revocation-p50', 'revocation-p99', 'revocation-max', 'surviving-sockets'] as const).map((metric) =>
          amount(row.cell(metric, { nodes })),
        ),
      ),
    ]),
    1,
  );
  const ops = ['connect', 'renewal', 'sign-out'];
  const [most] = counts.slice(-1);
  const costs = table(
    ['Strategy', 'let in elsewhere, memory', 'shared', ...ops.map((op) => `commands a ${op}`), 'CPU a renewal'],
    rows.map((row) => [
      row.label,
      amount(row.cell('admitted-elsewhere', { nodes: 2, store: 'memory' })),
      amount(row.cell('admitted-elsewhere', { nodes: 2, store: 'redis' })),
      ...ops.map((op) => amount(row.cell('store-commands', { op, nodes: most! }))),
      amount(row.cell('server-cpu-per-renewal', { nodes: most! })),
    ]),
    1,
  );
  const loads = table(
    ['Strategy', ...counts.flatMap((nodes) => [`${nodes}: messages/s`, 'CPU each', 'connects/s', 'CPU each'])],
    rows.map((row) => [
      row.label,
      ...counts.flatMap((nodes) =>
        (
          ['messages-per-second', 'server-cpu-per-message', 'connects-per-second', 'server-cpu-per-connection'] as const
        ).map((metric) => amount(row.cell(metric, { nodes }))),
      ),
    ]),
    1,
  );
  return `From a sign-out on one node to the end of the connection on another, by the number of nodes:\n\n${ends}\n\nWhat they share, on ${most ?? 'several'} nodes:\n\n${costs}\n\nUnder one load over all nodes, by their number:\n\n${loads}`;
}
