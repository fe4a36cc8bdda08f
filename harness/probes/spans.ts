/** A start and an end, in ms. */
export type Span = [from: number, to: number];

/** Moments, as the stretches in which each follows the one before within `gap` ms. */
export function stretchesOf(moments: readonly number[], gap: number): Span[] {
  const stretches: Span[] = [];
  for (const at of moments.toSorted((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last !== undefined && at - last[1] <= gap) last[1] = at;
    else stretches.push([at, at]);
  }
  return stretches;
}

/** The spans in order, with those that touch or overlap made one. */
export function joined(spans: readonly Span[]): Span[] {
  const all: Span[] = [];
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else all.push([from, to]);
  }
  return all;
}

/** The parts of the spans that lie outside of `holes`. */
export function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  return holes.reduce<Span[]>(
    (left, [start, end]) =>
      left.flatMap(([from, to]): Span[] => {
        if (end <= from || start >= to) return [[from, to]];
        const parts: Span[] = [
          [from, start],
          [end, to],
        ];
        return parts.filter((part) => part[1] > part[0]);
      }),
    joined(spans),
  );
}
