import { folderRegistry } from '../../strategies/shared/folder-registry.ts';
import { type Metric, type MetricName, sharedMetrics } from '../model/metrics.ts';
import type { Suite } from './suite.ts';

/** Every suite, found by its folder, in the order of the reports. */
export const suites: readonly Suite[] = (
  await folderRegistry<Suite>(import.meta.url, 'suite', ['_template']).all()
).toSorted((a, b) => a.order - b.order || a.id.localeCompare(b.id, 'en'));

/** Every metric, by its name. */
export const metrics: ReadonlyMap<MetricName, Metric> = merged([
  sharedMetrics,
  ...suites.map(({ metrics: own = {} }) => own),
]);

/** @throws TypeError where two suites mean different things by one name */
function merged(all: readonly Readonly<Record<MetricName, Metric>>[]): Map<MetricName, Metric> {
  const table = new Map<MetricName, Metric>();
  for (const [name, metric] of all.flatMap((one) => Object.entries(one))) {
    const known = table.get(name);
    if (known !== undefined && (known.unit !== metric.unit || known.better !== metric.better)) {
      throw new TypeError(`Two suites declare the metric '${name}' differently`);
    }
    table.set(name, metric);
  }
  return table;
}

/** Whether a run is of several nodes alone: it has no baseline, and nothing to compare with. */
export const isOfNodes = ({ cells }: { readonly cells: readonly { readonly suite: string }[] }): boolean =>
  cells.length > 0 && cells.every(({ suite }) => ofNodes.has(suite));

/** The suites whose figures are not of one node with stores in memory. */
export const ofNodes: ReadonlySet<string> = new Set(suites.filter((suite) => suite.ofNodes).map(({ id }) => id));
