import type { Run } from '../../model/run-file.ts';
import { withoutStyle } from '../../report/charts/chart.ts';
import { connectionTimelines } from '../../report/charts/connection-timelines.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { chartRegion } from './chart-region.ts';

/** What became of one connection of each entry at the ends of its credential, as a picture and in words. */
export function timelines(run: Run): Markup {
  const picture = connectionTimelines(run);
  if (picture === undefined) return markup`<p>This run recorded none.</p>`;
  const lines = picture.text.split('\n').map((line) => markup`<li>${line}</li>`);
  return markup`${chartRegion('Timelines', withoutStyle(picture.svg))}
<details><summary>The timelines in words</summary><ul>${lines}</ul></details>`;
}
