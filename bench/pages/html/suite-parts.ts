import type { Run } from '../../model/run-file.ts';
import { withoutStyle } from '../../report/charts/chart.ts';
import { type Markup, markup } from '../../report/markup.ts';
import type { Suite } from '../../suites/suite.ts';
import { suitesOf } from '../sections.ts';
import { chartRegion } from './chart-region.ts';
import { fromMarkdown } from './markdown.ts';

/** Whether a suite belongs to the part of the page on growth and on several nodes. */
const isOfScale = ({ id, ofNodes }: Suite): boolean => ofNodes === true || id === 'scaling';
/** Stands in the page's first part already. */
const DRAWN_ABOVE = 'frontier.svg';

/** The suites of a run that measure how it scales. */
export const scaleSuites = (run: Run): Suite[] => suitesOf(run).filter(isOfScale);
/** All others. */
export const detailSuites = (run: Run): Suite[] => suitesOf(run).filter((suite) => !isOfScale(suite));

/** The pictures and tables of suites: the pictures are open, the tables and the method behind a click. */
export const suiteParts = (run: Run, chosen: readonly Suite[]): Markup =>
  markup`${chosen.map(
    (suite) => markup`<article><h3 id="suite-${suite.id}">${suite.title}</h3>
<p class="note">${suite.question}</p>
${(suite.charts?.(run) ?? []).map(({ file, alt, svg }) => svg !== null && file !== DRAWN_ABOVE && chartRegion(alt, withoutStyle(svg)))}
${suite.section && markup`<details${(suite.charts?.(run) ?? []).length === 0 && markup` open`}><summary>Tables: ${suite.title.toLowerCase()}</summary>${fromMarkdown(suite.section(run), suite.title)}</details>`}
<details><summary>How it is measured</summary>${fromMarkdown(suite.method, suite.title)}</details></article>\n`,
  )}`;
