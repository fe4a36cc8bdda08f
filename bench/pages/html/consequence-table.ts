import type { Run } from '../../model/run-file.ts';
import { type AfterEnd, type Consequences, type End, ends } from '../../report/consequences.ts';
import { afterEndText, atExpiryText, costText } from '../../report/consequence-text.ts';
import { type Markup, markup } from '../../report/markup.ts';
import { type Row, SATURATED } from '../../report/rows.ts';
import { type Choice, goesOn } from '../choices.ts';
import { filterData, rowHead, rowId } from './entry-name.ts';
import { term } from './terms.ts';

const wasSeen = ({ acts, receives }: AfterEnd): boolean => acts !== undefined || receives !== undefined;

/** One row for each entry: expiry, sign-out, ban, lost role, the cost of a message, and the duty of the client. */
export function consequenceTable(run: Run, choices: readonly Choice[]): Markup {
  const measured = ends.filter(
    (end) => end !== 'expiry' && choices.some(({ consequences }) => wasSeen(consequences.after[end])),
  );
  const duties = choices.map(({ row }) => dutyOf(run, row));
  const hasDuties = duties.some((duty) => duty !== undefined);
  const heads = ['At expiry', ...measured.map((end) => `After ${nouns[end]}`), 'CPU per message'];
  return markup`<p class="note">Each strategy as the article has it (${term('as-published')}) and with every gap closed (${term('hardened')}). ✗ ${term('goes on', 'Goes on')}: the connection stays usable after it should have ended. "Acts": its messages are handled. "Receives": it is sent notifications.</p>
<div class="scroll" role="region" aria-label="Consequences, table" tabindex="0"><table id="consequences" class="sortable" aria-label="Consequences">
<thead><tr><th scope="col">Strategy</th>${heads.map((title) => markup`<th scope="col">${title}</th>`)}${hasDuties && markup`<th scope="col">The client has to</th>`}</tr></thead>
<tbody>${choices.map(
    ({ row, consequences }, index) =>
      markup`<tr id="${rowId('row', row)}" ${filterData(row)}>${rowHead('row', row)}${expiryCell(consequences)}${measured.map((end) => endCell(consequences.after[end]))}${messageCell(run, row)}${hasDuties && markup`<td>${duties[index] ?? ''}</td>`}</tr>\n`,
  )}</tbody></table></div>`;
}

const nouns: Readonly<Record<End, string>> = {
  expiry: 'expiry',
  'sign-out': 'sign-out',
  ban: 'a ban',
  'lost role': 'a lost role',
};

/** The effect of expiry on an honest client, or that an expired credential stays usable. */
function expiryCell({ atExpiry, after }: Consequences): Markup {
  const isMissing = atExpiry.kind === 'not measured';
  if (isMissing && !wasSeen(after.expiry)) return markup`<td class="soft">not measured</td>`;
  if (goesOn(after.expiry)) return markup`<td class="bad">${afterEndText(after.expiry)}</td>`;
  if (isMissing) return markup`<td class="good">${afterEndText(after.expiry)}</td>`;
  const className = atExpiry.kind === 'ended for good' ? 'bad' : atExpiry.lost + atExpiry.failed > 0 ? 'fair' : 'good';
  return markup`<td class="${className}">${atExpiryText(atExpiry)}</td>`;
}

function endCell(after: AfterEnd): Markup {
  const className = !wasSeen(after) ? 'soft' : goesOn(after) ? 'bad' : 'good';
  return markup`<td class="${className}">${afterEndText(after)}</td>`;
}

function messageCell(run: Run, row: Row): Markup {
  const cell = row.cell('server-cpu-per-message', SATURATED) ?? row.cell('server-cpu-per-message');
  const value = cell?.void === undefined ? cell?.ratio?.estimate : undefined;
  return markup`<td${value !== undefined && markup` data-value="${value}"`}>${costText(run, cell)}</td>`;
}

/** The duty of client code, if the run recorded it. */
const dutyOf = ({ entries }: Run, { strategy, kind }: Row): string | undefined => entries[strategy]?.clientDoes?.[kind];
