import { verdictOf } from '../model/noise.ts';
import type { Cell, Run } from '../model/run-file.ts';
import type { AfterEnd, AtExpiry, LastUse } from './consequences.ts';
import { changeText, figure } from './format.ts';

/** The effect of expiry on an honest client, such as `reconnects, 25 of 640 notifications lost`. */
export function atExpiryText({ kind, lost, pushed, failed, ended, clients }: AtExpiry): string {
  if (kind === 'not measured') return 'not measured';
  if (kind === 'messages refused')
    return [`${counted(failed, 'message')} refused`, ...lostText(lost, pushed)].join(', ');
  const of = clients > 0 ? `${number(ended)} of ${counted(2 * clients, 'connection')}` : counted(ended, 'connection');
  const name = kind === 'ended for good' ? `${of} ended for good` : kind;
  const losses = [...lostText(lost, pushed), ...(failed > 0 ? [`${counted(failed, 'message')} failed`] : [])];
  return [name, ...(losses.length === 0 && kind !== 'nothing happens' ? ['nothing lost'] : losses)].join(', ');
}

function lostText(lost: number, pushed: number): string[] {
  if (lost === 0) return [];
  return [
    pushed > 0 ? `${number(lost)} of ${counted(pushed, 'notification')} lost` : `${counted(lost, 'notification')} lost`,
  ];
}

/** The remaining use of a credential after its end: `ends within 31 ms`, or `goes on: acts, receives`. */
export function afterEndText({ acts, receives }: AfterEnd): string {
  const uses = [acts, receives].filter((use) => use !== undefined);
  if (uses.length === 0) return 'not measured';
  if (!uses.some(({ goesOn }) => goesOn)) {
    const last = Math.round(Math.max(...uses.map(({ ms }) => ms)));
    return last === 0 ? 'ends at once' : `ends within ${last} ms`;
  }
  return `goes on: ${[goesOnText('acts', acts), goesOnText('receives', receives)].filter(Boolean).join(', ')}`;
}

const goesOnText = (name: string, use: LastUse | undefined): string => (use?.goesOn ? name : '');

/** A cost in words: `same` where no difference was found, `+4.0%` or `14 times` where one was. */
export function costText(run: Run, cell: Cell | undefined): string {
  if (cell === undefined || cell.void !== undefined || cell.ratio === null) return 'not measured';
  const verdict = verdictOf(run, cell);
  if (verdict === 'withheld' || verdict === 'not known') return verdict;
  const { estimate, ciHigh } = cell.ratio;
  if (verdict === 'no difference found') return `same (under ${changeText(ciHigh!)})`;
  return estimate < 2 ? changeText(estimate) : `${figure(estimate)} times`;
}

const number = (count: number): string => Math.round(count).toLocaleString('en');

const counted = (count: number, name: string): string =>
  `${number(count)} ${name}${Math.round(count) === 1 ? '' : 's'}`;
