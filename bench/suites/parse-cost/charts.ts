import type { Run } from '../../model/run-file.ts';
import { latencyChart } from '../../report/charts/latency-chart.ts';
import { ratioChart } from '../../report/charts/ratio-chart.ts';
import { slug } from '../../report/format.ts';
import { loadsOf } from '../../report/rows.ts';
import type { Chart } from '../suite.ts';

/** The cost of a message at each load, and latency. */
export function messageCharts(run: Run): Chart[] {
  const costs = loadsOf(run).map((params): Chart => {
    const load = String(params['load'] ?? 'message');
    return {
      file: `cost-${slug(load)}.svg`,
      alt: `CPU per message against the no-auth baseline, ${load}`,
      svg: ratioChart(run, { suite: 'parse-cost', params }),
    };
  });
  return [...costs, { file: 'latency.svg', alt: 'Latency by percentile', svg: latencyChart(run) }];
}
