import type { Cell } from '../run-file.ts';
import { type Floor, isApart } from './noise-floor.ts';

/** Three significant digits, and no exponent. */
export function figure(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

/** A cell's median with its unit; a bound where it is censored, the reason where it is void. */
export function amount(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  if (cell.void !== undefined) return `void: ${cell.void}`;
  const unit = cell.unit === '' || cell.unit === '1/s' ? '' : ` ${cell.unit}`;
  const digits = cell.unit === 'ms' && cell.suite === 'expiry' ? cell.median.toFixed(0) : figure(cell.median);
  return `${cell.censored ? '> ' : ''}${digits}${unit}`;
}

/** The spread of a cell's blocks, as half the width of its interval. */
export function spread({ median, ciLow, ciHigh }: Cell): string {
  if (ciLow === null || ciHigh === null || median === 0) return '';
  return `± ${figure((100 * (ciHigh - ciLow)) / 2 / median)}%`;
}

/** `~` where the interval holds 1, or the ratio is below the noise floor: this run cannot tell the two apart. */
export function ratio(value: Cell['ratio'] | undefined, floor: Floor | null = null): string {
  if (!value) return '';
  const { estimate, ciLow, ciHigh } = value;
  if (ciLow === null || ciHigh === null) return `${figure(estimate)} (one block)`;
  const bounds = `[${figure(ciLow)}, ${figure(ciHigh)}]`;
  return isApart(value, floor) ? `${figure(estimate)} ${bounds}` : `~ ${bounds}`;
}

/** A Markdown table; columns of figures are set to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left = 2): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index < left ? ':--' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
