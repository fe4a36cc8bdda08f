import type { Run } from '../model/run-file.ts';
import type { Chart } from '../suites/suite.ts';
import { suites } from '../suites/registry.ts';

/** A section for each suite that the run has cells of; its pictures are files in `folder`. */
export function suiteSections(run: Run, folder: string): string {
  return suites
    .filter(({ id }) => run.cells.some(({ suite }) => suite === id))
    .map(({ title, question, method, section, charts }) => {
      const pictures = drawn(charts?.(run)).map(({ alt, file }) => `![${alt}](${folder}${file})`);
      const parts = [`## ${title}`, question, ...pictures, section?.(run) ?? '', method];
      return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
    })
    .join('\n');
}

/** Every picture that the cells of a run give, in the order of the suites. Both reports draw these and no others. */
export const chartsOf = (run: Run): DrawnChart[] => suites.flatMap(({ charts }) => drawn(charts?.(run)));

export type DrawnChart = Chart & { readonly svg: string };

const drawn = (charts: readonly Chart[] = []): DrawnChart[] =>
  charts.filter((chart): chart is DrawnChart => chart.svg !== null);
