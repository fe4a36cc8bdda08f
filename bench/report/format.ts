import { differs, type Noise } from '../noise.ts';
import type { Cell, Interval, Ratio } from '../run-file.ts';

/** Three significant digits, and no exponent. */
export function figure(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

/** A cell's median with its unit; a bound where it is censored, the reason where it is void. */
export function amount(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell.void !== undefined) return `void: ${cell.void}`;
  const digits = cell.unit === 'ms' && cell.suite === 'expiry' ? cell.median.toFixed(0) : figure(cell.median);
  return `${cell.censored ? '> ' : ''}${digits}${unitOf(cell)}${holes(cell)}`;
}

const unitOf = ({ unit }: Pick<Cell, 'unit'>): string => (unit === '' || unit === '1/s' ? '' : ` ${unit}`);

/** Where blocks were void: how many counted. */
function holes({ blocks }: Cell): string {
  const counted = blocks.filter((value) => value !== null).length;
  return counted === blocks.length ? '' : ` (${counted} of ${blocks.length})`;
}

/** The spread of a cell's blocks, as half the width of its interval. */
export function spread({ median, ciLow, ciHigh }: Cell): string {
  if (ciLow === null || ciHigh === null || median === 0) return '';
  return `± ${figure((100 * (ciHigh - ciLow)) / 2 / median)}%`;
}

/** `~` where the interval holds 1, or the difference is within what twins differ by: this run cannot tell the two apart. */
export function ratio(value: Ratio | null | undefined, noise?: Noise): string {
  if (!value) return '';
  const { estimate, ciLow, ciHigh } = value;
  if (ciLow === null || ciHigh === null) return `${figure(estimate)} (one block)`;
  const bounds = `[${figure(ciLow)}, ${figure(ciHigh)}]`;
  return differs(value, noise) ? `${figure(estimate)} ${bounds}` : `~ ${bounds}`;
}

/** What is added to the open door, with its interval; `~` where that holds 0. */
export function added(value: Interval | null | undefined, unit: string): string {
  if (!value) return '';
  const { estimate, ciLow, ciHigh } = value;
  if (ciLow === null || ciHigh === null) return `${figure(estimate)} ${unit} (one block)`;
  const bounds = `[${figure(ciLow)}, ${figure(ciHigh)}] ${unit}`;
  return ciLow <= 0 && ciHigh >= 0 ? `~ ${bounds}` : `${figure(estimate)} ${bounds}`;
}

const TOLD = ['load', 'leg', 'side', 'library', 'algorithm', 'axis', 'value'];

/** The parameters that tell cells of one metric apart, for a reader. */
export const paramsOf = ({ params }: Pick<Cell, 'params'>): string =>
  TOLD.filter((name) => name in params)
    .map((name) => ` ${String(params[name])}`)
    .join('') + (params['cached'] ? ' cached' : '');

/** A Markdown table; columns of figures are set to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left = 2): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index < left ? ':--' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
