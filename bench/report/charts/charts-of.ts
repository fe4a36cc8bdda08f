import type { Run } from '../../run-file.ts';
import { lawOf } from '../../scaling-law.ts';
import { loadsOf } from '../html/comparison-table.ts';
import { rowsOf, SATURATED, valuesOf } from '../rows.ts';
import { frontierChart } from './frontier-chart.ts';
import { latencyChart } from './latency-chart.ts';
import { ratioChart } from './ratio-chart.ts';
import { scalingChart } from './scaling-chart.ts';

/** A picture beside a run: its file's name, and what it shows in words. */
export interface Chart {
  readonly suite: string;
  readonly file: string;
  readonly alt: string;
  readonly svg: string;
}

/** Every chart that the cells of a run give. */
export function chartsOf(run: Run): Chart[] {
  const drawn: (Omit<Chart, 'svg'> & { svg: string | null })[] = [
    ...loadsOf(run).map((params) => {
      const load = String(params['load'] ?? 'message');
      const alt = `CPU per message against the no-auth baseline, ${load}`;
      return {
        suite: 'parse-cost',
        file: `cost-${slug(load)}.svg`,
        alt,
        svg: ratioChart(run, { suite: 'parse-cost', params }),
      };
    }),
    {
      suite: 'parse-cost',
      file: 'latency.svg',
      alt: 'Latency by percentile',
      svg: latencyChart(run),
    },
    {
      suite: 'churn',
      file: 'cost-connection.svg',
      alt: 'CPU per connection against the no-auth baseline',
      svg: ratioChart(run, { suite: 'churn', metric: 'server-cpu-per-connection' }),
    },
    {
      suite: 'platform-floor',
      file: 'platform-layers.svg',
      alt: 'CPU per message of each layer against the no-auth baseline',
      svg: ratioChart(run, { suite: 'platform-floor', params: SATURATED }),
    },
    {
      suite: 'expiry',
      file: 'frontier.svg',
      alt: 'What a message costs against how long a revoked credential still serves',
      svg: frontierChart(run, { params: loadsOf(run)[0] ?? {} }),
    },
    ...valuesOf(run, 'server-cpu-per-message', 'axis', 'scaling').map((axis) => ({
      suite: 'scaling',
      file: `scaling-${slug(String(axis))}.svg`,
      alt: `CPU per message by ${String(axis)}`,
      svg: scalingOf(run, String(axis)),
    })),
  ];
  return drawn.filter((chart): chart is Chart => chart.svg !== null);
}

const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

function scalingOf(run: Run, axis: string): string | null {
  const series = rowsOf(run, 'scaling').flatMap((row) => {
    const law = lawOf(run, row, axis);
    if (law === undefined) return [];
    const { points, heldOut, line, of } = law;
    // A line in terms of the law's own measure: drawn over that, points and fit are straight.
    const along = ([x, y]: readonly [number, number]): [number, number] => [of(x), y];
    return [
      {
        label: row.variant === null ? row.label : `${row.label}, ${row.variant}`,
        points: points.filter(([x]) => x !== heldOut.x).map(along),
        heldOut: along([heldOut.x, heldOut.measured]),
        fit: line,
      },
    ];
  });
  const xLabel = axis === 'in-flight' ? '1 / messages in flight' : axis;
  return series.length === 0
    ? null
    : scalingChart({ title: `CPU per message by ${axis}`, xLabel, yLabel: 'us', series });
}
