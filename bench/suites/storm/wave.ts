/** In how many parts of its span a wave is counted. */
const BINS = 20;

/** How steep a wave of events is. */
export interface Wave {
  /** From the first to the last, in ms. */
  readonly span: number;
  /** The fullest twentieth of the span, in events a second. */
  readonly peak: number;
  /** That against the mean. */
  readonly peakOverMean: number;
}

/** Of at least one event; `times` in ms, in order. */
export function waveOf(times: readonly number[]): Wave {
  const first = times[0] ?? 0;
  const span = Math.max(1, (times.at(-1) ?? 0) - first);
  const bins = Array.from({ length: BINS }, () => 0);
  for (const at of times) bins[Math.min(BINS - 1, Math.floor(((at - first) / span) * BINS))]! += 1;
  const fullest = Math.max(...bins) * BINS;
  return { span, peak: (1000 * fullest) / span, peakOverMean: fullest / times.length };
}
