import { profiles } from '../../model/profiles.ts';
import type { Run } from '../../model/run-file.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { isOfNodes } from '../../suites/registry.ts';
import { failuresOf } from '../failures.ts';
import { limitsOf } from '../limits.ts';
import { machineFacts } from '../machine.ts';
import { noiseSection, stampsOf } from '../noise-section.ts';
import { entryList } from './entry-list.ts';
import type { EntryLabel } from '../../report/entry-labels.ts';
import { fromMarkdown } from './markdown.ts';
import { termList } from './terms.ts';

/** One quiet line about how far to trust the run, with a link to the remarks. */
export function quietLine(run: Run): Markup {
  const remarks = remarksOf(run);
  const { environment, startedAt, profile } = run;
  return markup`<p class="quiet">Profile ${profile}, ${startedAt.slice(0, 10)}, ${environment.cores} cores, Node ${environment.node}.${
    remarks.length > 0 &&
    markup` <a href="#remarks">${remarks.length === 1 ? 'One remark' : `${remarks.length} remarks`} on how far to trust this run</a>.`
  }</p>`;
}

/** The tab about the run: its command, machine, noise and failures, and the terms of the page. */
export function thisRun(run: Run, path: string, entries: readonly EntryLabel[]): Markup {
  const { environment: env } = run;
  const remarks = remarksOf(run);
  const facts: [string, string][] = [
    ['Profile', profiles.find(({ id }) => id === run.profile)?.summary ?? run.profile],
    ['Run', `${run.startedAt.slice(0, 10)}, ${Math.round(run.seconds)} s, seed ${run.seed}`],
    [
      'Commit',
      env.commit === null ? 'unknown' : `${env.commit.slice(0, 12)}${env.dirty ? ', with uncommitted changes' : ''}`,
    ],
    ...machineFacts(env),
    ['Rendered from', path],
  ];
  return markup`${remarks.length > 0 && markup`<div id="remarks"><h3>How far to trust this run</h3><ul>${remarks.map((remark) => markup`<li>${withCode(remark)}</li>`)}</ul></div>`}
<h3>The command and the machine</h3>
<pre><code>${run.command}</code></pre>
<dl class="facts">${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
${!isOfNodes(run) && markup`<details><summary>Noise of this run</summary>${fromMarkdown(noiseSection(run), 'Noise')}</details>`}
<details><summary>Limits and declared bias</summary>${fromMarkdown(limitsOf(run), 'Limits')}</details>
<h3>Who was measured</h3>
${entryList(run, entries)}
<h3 id="terms">What the words mean</h3>
${termList()}`;
}

/** Names stand between backquotes in a remark, as Markdown has it. */
const withCode = (text: string) =>
  text.split('`').map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part));

const remarksOf = (run: Run): string[] => [
  ...(run.complete ? [] : ['This run is not complete: some of its blocks failed or were not run.']),
  ...failuresOf(run),
  ...stampsOf(run),
];
