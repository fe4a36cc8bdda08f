import type { Run } from '../../model/run-file.ts';
import { nameOf } from '../../model/entry.ts';
import { verdictOf } from '../../model/noise.ts';
import { changeText, figure } from '../../report/format.ts';
import { withoutStyle } from '../../report/charts/chart.ts';
import { connectionTimelines } from '../../report/charts/connection-timelines.ts';
import { ends } from '../../report/consequences.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { listed } from '../../report/lines.ts';
import { type Row, SATURATED } from '../../report/rows.ts';
import { type Choice, goesOn, notJudged } from '../choices.ts';

/** The verdict of a run in three sentences: what is safe, what expiry does to a client, and what that costs. */
export function answer(run: Run, judged: readonly Choice[]): Markup {
  const hardened = judged.filter(({ row }) => row.role === 'strategy' && row.variant !== 'as-published');
  if (hardened.length === 0) return markup`<p class="answer">This run measured no strategy.</p>`;
  return markup`<p class="answer">${[safety(judged, hardened), expiry(hardened), cost(run, judged, hardened)].join(' ')}</p>`;
}

function safety(judged: readonly Choice[], hardened: readonly Choice[]): string {
  const leaks = ({ consequences }: Choice) => ends.some((end) => goesOn(consequences.after[end]));
  const measured = ends.filter((end) =>
    hardened.some(({ consequences }) => consequences.after[end].acts !== undefined),
  );
  if (measured.length === 0) return 'This run did not measure what stays usable after its end.';
  const open = hardened.filter(leaks);
  if (open.length > 0) return `${namesOf(open)} stay${open.length === 1 ? 's' : ''} usable after the credential ended.`;
  const others = judged.filter((one) => !hardened.includes(one) && leaks(one)).length;
  const names = measured.map((end) => (end === 'lost role' ? 'a lost role' : end === 'ban' ? 'a ban' : end));
  const unseen = notJudged(hardened);
  const all =
    unseen.length === 0 ? `All ${hardened.length}` : `${hardened.length - unseen.length} of ${hardened.length}`;
  const rest =
    unseen.length === 0 ? '' : `; ${namesOf(unseen)} ${unseen.length === 1 ? 'was' : 'were'} not measured at every end`;
  return `${all} hardened strategies stop serving at ${listed(names)}${others === 0 ? '' : `; ${others} other entries go on`}${rest}.`;
}

function expiry(hardened: readonly Choice[]): string {
  const kindOf = (kind: string) => hardened.filter(({ consequences }) => consequences.atExpiry.kind === kind);
  const lossOf = (judged: readonly Choice[]) => {
    const lost = judged.map(({ consequences }) =>
      Math.round(consequences.atExpiry.lost + consequences.atExpiry.failed),
    );
    return Math.max(...lost) === 0
      ? 'lose nothing'
      : `lose ${listed(lost.map((count) => count.toLocaleString('en')))} messages in this test`;
  };
  const [renewed, back, ended] = [kindOf('renewed in place'), kindOf('reconnects'), kindOf('ended for good')];
  const parts = [
    renewed.length > 0 && `${namesOf(renewed)} renew in place and ${lossOf(renewed)}`,
    back.length > 0 && `${namesOf(back)} reconnect and ${lossOf(back)}`,
    ended.length > 0 && `${namesOf(ended)} ended connections for good`,
  ].filter((part) => part !== false);
  return parts.length === 0
    ? 'This run did not measure what expiry does to an honest client.'
    : `At expiry, ${parts.join('; ')}.`;
}

function cost(run: Run, judged: readonly Choice[], hardened: readonly Choice[]): string {
  const costOf = ({ row }: Choice) => row.cell('server-cpu-per-message', SATURATED);
  const told = (one: Choice) => {
    const cell = costOf(one);
    return cell?.ratio && cell.void === undefined && cell.ratio.ciHigh !== null ? verdictOf(run, cell) : undefined;
  };
  const same = hardened.filter((one) => told(one) === 'no difference found');
  const dearer = hardened.filter((one) => told(one) === 'significant');
  const most = (of: readonly Choice[]) => Math.max(...of.map((one) => costOf(one)!.ratio!.ciHigh!));
  const dearest = judged
    .filter((one) => told(one) === 'significant')
    .toSorted((a, b) => costOf(b)!.ratio!.estimate - costOf(a)!.ratio!.estimate)[0];
  const parts = [
    same.length > 0 &&
      `no difference in CPU per message was found for ${same.length === hardened.length ? 'any of them' : namesOf(same)} (at most ${changeText(most(same))})`,
    dearer.length > 0 &&
      `${namesOf(dearer)} cost${dearer.length === 1 ? 's' : ''} more, at most ${changeText(most(dearer))}`,
    dearest &&
      !hardened.includes(dearest) &&
      `${nameOf(dearest.row)} costs ${figure(costOf(dearest)!.ratio!.estimate)} times the no-auth baseline`,
  ].filter((part) => typeof part === 'string');
  if (parts.length === 0)
    return 'The costs per message were not measured, or are withheld because the run is too noisy.';
  const text = parts.join('; ');
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

/** The picture of what becomes of a connection, with the same in words behind it; `isShown` leaves out entries. */
export function timelinePicture(run: Run, isShown?: (row: Row) => boolean): Markup | false {
  const picture = connectionTimelines(run, isShown);
  if (picture === undefined) return false;
  return markup`<figure class="lives"><div class="scroll" role="region" aria-label="What becomes of one connection, picture" tabindex="0"><div class="wide">${withoutStyle(picture.svg)}</div><div class="narrow">${withoutStyle(picture.narrow)}</div></div><details><summary>The picture in words</summary><ul>${picture.text.split('\n').map((line) => markup`<li>${line}</li>`)}</ul></details></figure>`;
}

const namesOf = (choices: readonly Choice[]): string => listed(choices.map(({ row }) => row.strategy));
