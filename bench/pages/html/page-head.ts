import { profiles } from '../../model/profiles.ts';
import type { Run } from '../../model/run-file.ts';
import { machineFacts } from '../machine.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { floorsOf, stampsOf } from '../noise-section.ts';
import { isOfNodes } from '../../suites/registry.ts';

/** What was run, where, and how much of it counts. */
export function pageHead(run: Run, path: string): Markup {
  const { environment: env } = run;
  const noise: [string, string][] = isOfNodes(run)
    ? []
    : [['Noise floor', floorsOf(run) || 'no twin of the no-auth baseline gave one']];
  const facts: [string, string][] = [
    ['Profile', profiles.find(({ id }) => id === run.profile)?.summary ?? run.profile],
    ...noise,
    ['Run', `${run.startedAt.slice(0, 10)}, ${Math.round(run.seconds)} s, seed ${run.seed}`],
    [
      'Commit',
      env.commit === null ? 'unknown' : `${env.commit.slice(0, 12)}${env.dirty ? ', with uncommitted changes' : ''}`,
    ],
    ...machineFacts(env),
    ['Rendered from', path],
  ];
  return markup`<h1>How should a NestJS gateway authenticate a connection that outlives its credential?</h1>
${[...(run.complete ? [] : ['This run is not complete: some of its blocks failed or were not run.']), ...stampsOf(run)].map((stamp) => markup`<p class="stamp"><strong>${stamp}</strong></p>`)}
<pre><code>${run.command}</code></pre>
<dl class="facts">${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}
