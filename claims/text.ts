import type { StalenessCell } from '../audits/engine/audit-file.ts';
import { spreadText } from '../audits/report/matrix.ts';
import { amount, figure } from '../bench/report/format.ts';
import type { Cell } from '../bench/model/run-file.ts';

/** A cell's ratio to the no-auth baseline with its interval. */
export function ratioText(cell: Cell | undefined): string {
  if (cell?.ratio == null) return 'not measured';
  const { estimate, ciLow, ciHigh } = cell.ratio;
  const interval = ciLow === null || ciHigh === null ? 'no interval' : `${figure(ciLow)}, ${figure(ciHigh)}`;
  return `x${figure(estimate)} [${interval}]`;
}

export const amountText = (cell: Cell | undefined): string => (cell === undefined ? 'not measured' : amount(cell));

export const staleText = (cell: StalenessCell | undefined): string =>
  cell === undefined ? 'not measured' : `${spreadText(cell.handled)} ms`;

/** How a cell is cited, so that it can be found in the run. */
export const cellName = (cell: Cell | undefined): string[] =>
  cell === undefined
    ? []
    : [`cell ${[cell.suite, cell.strategy, cell.variant, cell.metric, cell.params['load']].filter(Boolean).join(' ')}`];
