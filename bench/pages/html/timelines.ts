import type { Run } from '../../model/run-file.ts';
import { withoutStyle } from '../../report/charts/chart.ts';
import { timelineChart } from '../../report/charts/timeline-chart.ts';
import { episodesOf, nameOf, whenOf } from '../../report/charts/timeline-text.ts';
import { entriesOf } from '../../report/entry-labels.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { chartRegion } from './chart-region.ts';
import { filterData } from './filters.ts';

/** What happens to one connection of each strategy and variant, as a picture and in words. */
export function timelines(run: Run): Markup {
  if (run.timelines.length === 0) return markup`<p>This run recorded none.</p>`;
  const until = Math.max(
    1,
    ...run.timelines.flatMap(({ expiries, events }) => [...expiries, ...events.map(({ at }) => at)]),
  );
  return markup`${run.timelines.map((timeline) => {
    const role = run.entries[timeline.strategy]?.role ?? 'strategy';
    const [entry] = entriesOf(run, [{ ...timeline, role }]);
    if (entry === undefined) return '';
    const svg = timelineChart(timeline, { title: entry.label, until, hue: entry.hue });
    return markup`<div class="timeline" ${filterData(entry)}>${chartRegion(entry.label, withoutStyle(svg))}
<details><summary>${entry.label}, in words</summary>
<ul>${episodesOf(timeline).map((episode) => markup`<li>${whenOf(episode)}: ${nameOf(episode)}</li>`)}${
      timeline.expiries.length > 0 &&
      markup`<li>The credential ends at ${timeline.expiries.map((at) => Math.round(at)).join(', ')} ms</li>`
    }</ul></details></div>\n`;
  })}`;
}
