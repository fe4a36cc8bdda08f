import { expect, it } from 'vitest';
import type { Cell } from '../../model/run-file.ts';
import { lawOf } from './scaling-law.ts';

const row = { strategy: 'session', variant: 'hardened' } as const;

const cells = (axis: string, points: readonly (readonly [number, number])[]): Cell[] =>
  points.map(([value, median]) => ({
    ...row,
    suite: 'scaling',
    role: 'strategy',
    metric: 'server-cpu-per-message',
    unit: 'us',
    better: 'lower',
    median,
    ciLow: null,
    ciHigh: null,
    ratio: null,
    added: null,
    blocks: [median],
    ratios: null,
    addeds: null,
    params: { axis, value },
  }));

it('finds the law that the points follow, and foretells the value that was held out', () => {
  const law = lawOf(
    {
      cells: cells(
        'in-flight',
        [4, 8, 16, 32].map((x) => [x, 20 + 80 / x]),
      ),
    },
    row,
    'in-flight',
  );
  expect(law?.line.intercept).toBeCloseTo(20);
  expect(law?.line.slope).toBeCloseTo(80);
  expect(law?.heldOut).toMatchObject({ x: 16, measured: 25 });
  expect(law?.heldOut.predicted).toBeCloseTo(25);
});

it('is off where the point that was held out breaks the law', () => {
  const points: [number, number][] = [[100, 20], [500, 21], [1000, 40], [5000, 30]]; // prettier-ignore
  const { heldOut } = lawOf({ cells: cells('connections', points) }, row, 'connections')!;
  expect(heldOut).toMatchObject({ x: 1000, measured: 40 });
  expect(heldOut.predicted).toBeLessThan(25);
});

it('is none where too few values were measured, or none of that row', () => {
  const points: [number, number][] = [[1, 2], [2, 3], [3, 4]]; // prettier-ignore
  expect(lawOf({ cells: cells('connections', points) }, row, 'connections')).toBeUndefined();
  expect(lawOf({ cells: [] }, row, 'connections')).toBeUndefined();
});
