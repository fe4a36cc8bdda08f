import { UsageError } from './command.ts';

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const multiples: Readonly<Record<string, number>> = { '': 1, k: 1000, K: 1000, M: 1_000_000 };

/** For help texts: how every command takes a duration and a count. */
export const QUANTITIES_HELP = `\
A TIME has a unit: 500ms, 30s, 15m, 2h or 7d.
A COUNT may be written with k (thousand) or M (million): 500, 10k, 1.5M.`;

/**
 * The duration that an option was given, in ms: above 0, unless `orZero` allows 0.
 *
 * @throws UsageError that names the option, the text and what would do
 * @example durationMs('--token-ttl', '15m') // 900000
 */
export function durationMs(option: string, text: string, { orZero = false }: { orZero?: boolean } = {}): number {
  if (orZero && /^0(ms|s|m|h|d)?$/.test(text)) return 0;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(amount) * (milliseconds[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  const kind = orZero ? 'a time' : 'a time above 0';
  throw new UsageError(`${option} takes ${kind} with its unit, such as 500ms, 30s, 15m or 2h; got '${text}'`);
}

export interface CountLimits {
  /** Only whole numbers. */
  readonly whole?: boolean;
  /** 0 is allowed too. */
  readonly orZero?: boolean;
  /** The largest number that is allowed. */
  readonly most?: number;
}

/**
 * The count that an option was given: above 0, unless `orZero` allows 0.
 *
 * @throws UsageError that names the option, the text and what would do
 * @example count('--connections', '10k') // 10000
 */
export function count(option: string, text: string, { whole = false, orZero = false, most }: CountLimits = {}): number {
  const [, amount, multiple = ''] = /^(\d+(?:\.\d+)?(?:e\d+)?)([kKM]?)$/.exec(text) ?? [];
  // Rounded to what the text can say: 1.1 times 1000 is no whole number in binary.
  const value = Number((Number(amount) * (multiples[multiple] ?? Number.NaN)).toPrecision(15));
  const fits = (orZero ? value >= 0 : value > 0) && value <= (most ?? Number.MAX_SAFE_INTEGER);
  if (fits && (!whole || Number.isInteger(value))) return value;
  const kind = `a ${whole ? 'whole number' : 'number'} ${orZero ? 'from 0' : 'above 0'}`;
  const limit = most === undefined ? '' : `, at most ${most.toLocaleString('en')}`;
  throw new UsageError(`${option} takes ${kind}${limit}, such as 500, 10k or 1.5M; got '${text}'`);
}
