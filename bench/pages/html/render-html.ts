import type { Run } from '../../model/run-file.ts';
import { entriesOf } from '../../report/entry-labels.ts';
import { type Markup, markup } from '../../report/markup.ts';
import type { Row } from '../../report/rows.ts';
import { isOfNodes } from '../../suites/registry.ts';
import { type AuditedEnd, choicesOf } from '../choices.ts';
import { answer, timelinePicture } from './answer.ts';
import { consequenceTable } from './consequence-table.ts';
import { costs } from './costs.ts';
import { figures } from './figures.ts';
import { filters } from './filters.ts';
import { nodesAnswer } from './nodes-answer.ts';
import { pageFrame } from './page-frame.ts';
import { detailSuites, scaleSuites, suiteParts } from './suite-parts.ts';
import { type Tab, tabList } from './tabs.ts';
import { quietLine, thisRun } from './this-run.ts';

/** Results from elsewhere about the same strategies, for tabs of the report. */
export interface Beside {
  /** The findings of the audit. */
  readonly safety?: Markup | undefined;
  /** Selects the entries of the first picture; all if it is undefined. */
  readonly isPictured?: ((row: Row) => boolean) | undefined;
  /** How fast credentials end, where the audit measured it. */
  readonly auditedEnd?: AuditedEnd | undefined;
  /** The article's claims, with their verdicts. */
  readonly claims?: Markup | undefined;
  /** The published run of several nodes. */
  readonly nodes?: Run | undefined;
}

/**
 * Renders a run as one page that needs nothing else: the answer, then the costs, then tabs with everything behind them.
 *
 * @param path where the run is, as a reader of the page would find it
 */
export function renderHtml(run: Run, path: string, beside: Beside = {}): string {
  const entries = entriesOf(
    run,
    run.cells.filter(({ suite }) => suite !== 'verify-time'),
  );
  const title = `nest-ws-auth-lab, ${run.profile} run of ${run.startedAt.slice(0, 10)}`;
  return pageFrame(
    title,
    markup`<a class="skip" href="#more">Skip to all results</a>
<header>
<h1>What happens to an open WebSocket when its credential ends?</h1>
</header>
<main>
${first(run)}
${!isOfNodes(run) && markup`<section id="costs" aria-labelledby="costs-title"><h2 id="costs-title">What it costs</h2>\n${costs(run)}</section>`}
<div id="more">${tabList(tabsOf(run, path, beside, thisRun(run, path, entries)))}</div>
</main>`,
  );

  function first(of: Run): Markup {
    const shown = filters(entries.filter(({ role }) => role !== 'platform-layer'));
    if (isOfNodes(of))
      return markup`<section id="answer" aria-label="The answer">${nodesAnswer(of)}${quietLine(of)}${shown}</section>`;
    const choices = choicesOf(of, beside.auditedEnd);
    return markup`<section id="answer" aria-label="The answer">${answer(of, choices)}
${timelinePicture(of, beside.isPictured)}
${consequenceTable(of, choices)}${quietLine(of)}${shown}</section>`;
  }
}

function tabsOf(run: Run, path: string, { safety, claims, nodes }: Beside, about: Markup): Tab[] {
  const scales = [run, ...(nodes ? [nodes] : [])].filter((one) => scaleSuites(one).length > 0);
  const details = detailSuites(run);
  const tabs: (Tab | false)[] = [
    safety !== undefined && { id: 'safety', title: 'Safety', body: safety },
    claims !== undefined && { id: 'claims', title: 'Claims', body: claims },
    scales.length > 0 && {
      id: 'scale',
      title: 'Scale',
      body: markup`${scales.map((one) => suiteParts(one, scaleSuites(one)))}`,
    },
    details.length > 0 && { id: 'details', title: 'Costs in detail', body: suiteParts(run, details) },
    { id: 'figures', title: 'Raw figures', body: figures(run, path) },
    { id: 'run', title: 'This run', body: about },
  ];
  return tabs.filter((tab) => tab !== false);
}
