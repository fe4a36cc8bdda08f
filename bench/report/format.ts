import type { Verdict } from '../model/noise.ts';
import type { Cell, Interval, Ratio, Run } from '../model/run-file.ts';

/** Three significant digits, and no exponent. */
export function figure(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

const times = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A time that is given in ms, in the largest unit that it has at least one of. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`;
  const [name, size] = times.find((time) => ms >= time[1]) ?? ['s', 1000];
  const count = Number((ms / size).toPrecision(3));
  return `${count} ${name}${name === 's' || count === 1 ? '' : 's'}`;
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

/** How much the figures of a suite rest on, after a caption: ` (100 clients, one block)`. */
export function sizeText({ cells }: Pick<Run, 'cells'>, suite: string, each?: string): string {
  const counts = cells.filter((cell) => cell.suite === suite).map(({ blocks }) => blocks.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const blocks = most === 1 ? 'one block' : least === most ? `${most} blocks` : `${least} to ${most} blocks`;
  return ` (${each === undefined ? '' : `${each}, `}${blocks})`;
}

/** The spread of a cell's blocks, as half the width of its interval. */
export function spread({ median, ciLow, ciHigh }: Cell): string {
  if (ciLow === null || ciHigh === null || median === 0) return '';
  return `± ${figure((100 * (ciHigh - ciLow)) / 2 / median)}%`;
}

/** A ratio with its interval, such as `5.00 [4.80, 5.20]`; else `no difference found (-6% to +28%)`. */
export const ratio = (value: Ratio, verdict: Verdict): string => compared(value, verdict, figure, changeText);

/** What is added to the no-auth baseline, with its interval and unit; the verdict is that on the ratio. */
export const added = (value: Interval, unit: string, verdict: Verdict): string =>
  compared(value, verdict, figure, withSign, ` ${unit}`);

/** A difference with its interval; none was found where that holds 0. */
export const difference = (value: Interval, unit: string): string =>
  added(value, unit, (value.ciLow ?? 0) * (value.ciHigh ?? 0) > 0 ? 'significant' : 'no difference found');

function compared(
  { estimate, ciLow, ciHigh }: Interval,
  verdict: Verdict,
  absolute: (value: number) => string,
  change: (bound: number) => string,
  unit = '',
): string {
  if (verdict === 'withheld') return 'withheld';
  if (ciLow === null || ciHigh === null) return `${absolute(estimate)}${unit} (no interval)`;
  if (verdict === 'no difference found') return `${verdict} (${change(ciLow)} to ${change(ciHigh)}${unit})`;
  return `${absolute(estimate)} [${absolute(ciLow)}, ${absolute(ciHigh)}]${unit}`;
}

/** A ratio as a change in percent, such as `+28%`; one digit after the point below 10%. */
export function changeText(quotient: number): string {
  const percent = Math.abs(100 * (quotient - 1));
  return `${sign(quotient - 1)}${percent.toFixed(percent < 9.95 ? 1 : 0)}%`;
}

const withSign = (value: number): string => `${sign(value)}${figure(Math.abs(value))}`;

const sign = (value: number): string => (value < 0 ? '-' : '+');

const SHOWN = ['load', 'endpoint', 'side', 'library', 'algorithm', 'axis', 'value', 'node', 'youngGeneration'];

/** The parameters that tell cells of one metric apart, for a reader. */
export const paramsOf = ({ params }: Pick<Cell, 'params'>): string =>
  SHOWN.filter((name) => name in params)
    .map((name) => ` ${String(params[name])}`)
    .join('') + (params['cached'] ? ' cached' : '');

/** A text that stays within its cell of a Markdown table. */
const cellText = (text: string): string => text.replaceAll(/\s*[\r\n]+\s*/g, ' ').replaceAll('|', String.raw`\|`);

/** A Markdown table; columns of figures are set to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], left = 2): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cellText).join(' | ')} |`;
  const rule = head.map((_, index) => (index < left ? ':--' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** A text as a part of a file's name. */
export const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
