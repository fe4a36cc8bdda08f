import type { Cell, Run } from '../../model/run-file.ts';
import { fitLine, type Line } from '../../stats/statistics.ts';

/** How a cost grows along an axis, and how well that foretells a value that it was not fitted to. */
export interface Law {
  readonly points: readonly (readonly [x: number, y: number])[];
  /** In terms of `of(x)`. */
  readonly line: Line;
  readonly of: (x: number) => number;
  /** The law in words, with its figures to be put in. */
  readonly form: string;
  readonly heldOut: { readonly x: number; readonly measured: number; readonly predicted: number };
}

/** What is shared by the messages that are handled in one go is paid once for them: the cost falls with their number. */
const forms: Record<string, { readonly of: (x: number) => number; readonly form: string }> = {
  'in-flight': { of: (x) => 1 / x, form: 'a + b / messages' },
  connections: { of: (x) => x, form: 'a + b * connections' },
  'claim-bytes': { of: (x) => x, form: 'a + b * bytes' },
};

/** The law of one row along one axis; undefined where it was not measured at three values and one more. */
export function lawOf(
  { cells }: Pick<Run, 'cells'>,
  row: Pick<Cell, 'strategy' | 'variant'>,
  axis: string,
): Law | undefined {
  const form = forms[axis];
  const points = cells
    .filter(({ suite, params, strategy, variant }) => {
      return suite === 'scaling' && params['axis'] === axis && strategy === row.strategy && variant === row.variant;
    })
    .filter((cell) => cell.void === undefined)
    .map(({ params, median }): [number, number] => [Number(params['value']), median])
    .toSorted(([a], [b]) => a - b);
  if (form === undefined || points.length < 4) return undefined;
  // Neither end: a law is asked for what lies between.
  const held = points.at(-2)!;
  const line = fitLine(points.filter((point) => point !== held).map(([x, y]) => [form.of(x), y]));
  const predicted = line.intercept + line.slope * form.of(held[0]);
  return { points, line, ...form, heldOut: { x: held[0], measured: held[1], predicted } };
}
