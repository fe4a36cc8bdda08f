import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Metric, type MetricName, sharedMetrics } from '../model/metrics.ts';
import type { Suite } from './suite.ts';

const notSuites: ReadonlySet<string> = new Set(['_template']);

/** Every suite, found by its folder, in the order of the reports. */
export const suites: readonly Suite[] = await loadSuites();

async function loadSuites(): Promise<Suite[]> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const ids = readdirSync(here, { withFileTypes: true })
    .filter((item) => item.isDirectory() && !notSuites.has(item.name))
    .map(({ name }) => name);
  const loaded = await Promise.all(ids.map(load));
  return loaded.toSorted((a, b) => a.order - b.order || a.id.localeCompare(b.id, 'en'));
}

/** @throws TypeError where the folder has another name than its suite */
async function load(id: string): Promise<Suite> {
  const { default: suite } = (await import(
    new URL(`${id}/index${import.meta.url.slice(-3)}`, import.meta.url).href
  )) as {
    default: Suite;
  };
  if (suite.id !== id) throw new TypeError(`The suite in bench/suites/${id} has the id '${suite.id}'`);
  return suite;
}

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
