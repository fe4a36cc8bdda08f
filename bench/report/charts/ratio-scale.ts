import { type ScaleLogarithmic, scaleLog } from 'd3-scale';
import type { Ratio } from '../../model/run-file.ts';
import type { Noise } from '../../model/noise.ts';

/** An interval may widen the axis by this much beyond the estimates; what is wider is cut off. */
const WIDEST = 2.5;
/** No axis is narrower, so that noise does not look like a difference. */
const NARROWEST = 1.25;

/** One logarithmic axis for all these ratios, with 1 on it. */
export function ratioScale(
  ratios: readonly Ratio[],
  floor: Noise | undefined,
  range: readonly [number, number],
): ScaleLogarithmic<number, number> {
  const estimates = ratios.map(({ estimate }) => estimate).filter((estimate) => estimate > 0);
  const least = Math.min(1, ...estimates) / WIDEST;
  const most = Math.max(1, ...estimates) * WIDEST;
  const lows = ratios.flatMap(({ ciLow }) => (ciLow !== null && ciLow > 0 ? [ciLow] : []));
  const highs = ratios.flatMap(({ ciHigh }) => (ciHigh === null ? [] : [ciHigh]));
  const low = Math.min(1 / NARROWEST, floor?.low ?? 1, ...estimates, ...lows);
  const high = Math.max(NARROWEST, floor?.high ?? 1, ...estimates, ...highs);
  return scaleLog()
    .domain([Math.max(least, low) / 1.05, Math.min(most, high) * 1.05])
    .range(range)
    .clamp(true);
}
