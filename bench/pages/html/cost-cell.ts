import { correctedP, noiseOf, verdictOf } from '../../model/noise.ts';
import type { Cell, Run } from '../../model/run-file.ts';
import { costText } from '../../report/consequence-text.ts';
import { px } from '../../report/charts/chart.ts';
import { intervalBar } from '../../report/charts/interval-bar.ts';
import { hueClass } from '../../report/charts/marks.ts';
import type { ratioScale } from '../../report/charts/ratio-scale.ts';
import { amount, changeText, figure } from '../../report/format.ts';
import { type Markup, markup } from '../../report/markup.ts';

/** How wide the bars in a table are, in px. */
export const BAR = 120;
const HEIGHT = 18;

/** The ratio as a dot and its interval, on an axis that the whole column shares. */
function bar(run: Run, cell: Cell, scale: ReturnType<typeof ratioScale>, hue: number): Markup | false {
  const verdict = verdictOf(run, cell);
  if (!cell.ratio || cell.void !== undefined || verdict === 'withheld') return false;
  const floor = noiseOf(run, cell);
  const band =
    floor &&
    markup`<rect class="band" x="${px(scale(floor.low))}" y="0" width="${px(scale(floor.high) - scale(floor.low))}" height="${HEIGHT}"/>`;
  return markup`<svg class="chart" aria-hidden="true" width="${BAR}" height="${HEIGHT}" viewBox="0 0 ${BAR} ${HEIGHT}">${band}<path class="reference" d="M${px(scale(1))} 0v${HEIGHT}"/><g class="${hueClass(hue)}">${intervalBar(cell.ratio, scale, HEIGHT / 2, verdict !== 'significant')}</g></svg>`;
}

/** A cost in a table: words and a bar, with the interval in words on hover and on keyboard focus. */
export function costCell(
  run: Run,
  cell: Cell | undefined,
  scale: ReturnType<typeof ratioScale>,
  { name, hue }: { readonly name: string; readonly hue: number },
): Markup {
  if (cell === undefined) return markup`<td class="soft">not measured</td>`;
  if (cell.void !== undefined) return markup`<td class="soft">${amount(cell)}</td>`;
  const value = cell.ratio && verdictOf(run, cell) !== 'withheld' ? cell.ratio.estimate : undefined;
  return markup`<td${value !== undefined && markup` data-value="${value}"`}><button type="button" class="cost" title="${name}: ${intervalInWords(run, cell)}">${costText(run, cell)}${bar(run, cell, scale, hue)}</button></td>`;
}

/** A cost in sentences: the estimate, its interval, the added time and the number of blocks. */
function intervalInWords(run: Run, cell: Cell): string {
  const { ratio, added, unit } = cell;
  const absolute = `The median is ${amount(cell)}.`;
  if (ratio === null) return absolute;
  const verdict = verdictOf(run, cell);
  if (verdict === 'withheld') return 'withheld, because the no-auth baseline and its twin differ in this run.';
  const { estimate, ciLow, ciHigh, n } = ratio;
  const p = correctedP(run, cell);
  const rests = `It rests on ${n} blocks${p === null ? '' : `; corrected p ${p < 0.001 ? 'below 0.001' : p.toFixed(3)}`}.`;
  if (ciLow === null || ciHigh === null)
    return `${figure(estimate)} times the no-auth baseline, without an interval. ${absolute} ${rests}`;
  const adds =
    added?.ciLow != null && added.ciHigh != null
      ? ` It adds ${figure(added.estimate)} ${unit} (${figure(added.ciLow)} to ${figure(added.ciHigh)}).`
      : '';
  if (verdict === 'no difference found')
    return `no difference found. The 95% interval runs from ${changeText(ciLow)} to ${changeText(ciHigh)}. ${absolute} ${rests}`;
  return `${figure(estimate)} times the no-auth baseline. The 95% interval runs from ${figure(ciLow)} to ${figure(ciHigh)} times.${adds} ${absolute} ${rests}`;
}
