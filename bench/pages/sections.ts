import type { Run } from '../model/run-file.ts';
import { anchorOf } from '../report/anchor.ts';
import type { Chart, Suite } from '../suites/suite.ts';
import { suites } from '../suites/registry.ts';

/** The suites that a run has cells of, in the order of the pages. */
export const suitesOf = (run: Run): readonly Suite[] =>
  suites.filter(({ id }) => run.cells.some(({ suite }) => suite === id));

/** A section for each suite that the run has cells of; its pictures are files in `folder`. */
export function suiteSections(run: Run, folder: string): string {
  return suitesOf(run)
    .map(({ title, question, method, section, charts }) => {
      const pictures = drawn(charts?.(run)).map(({ alt, file }) => `![${alt}](${folder}${file})`);
      const parts = [`## ${title}`, question, ...pictures, section?.(run) ?? '', `How it is measured: ${method}`];
      return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
    })
    .join('\n');
}

/** A link to the section of each suite on the page of details, with its question. */
export const suiteLinks = (run: Run, page: string): string =>
  suitesOf(run)
    .map(({ title, question }) => `- [${title}](${page}#${anchorOf(title)}): ${question}`)
    .join('\n');

/** Every picture that the cells of a run give, in the order of the suites. Both reports draw these and no others. */
export const chartsOf = (run: Run): DrawnChart[] => suites.flatMap(({ charts }) => drawn(charts?.(run)));

export type DrawnChart = Chart & { readonly svg: string };

const drawn = (charts: readonly Chart[] = []): DrawnChart[] =>
  charts.filter((chart): chart is DrawnChart => chart.svg !== null);
