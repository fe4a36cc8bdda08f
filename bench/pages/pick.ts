import type { Run } from '../model/run-file.ts';
import { profiles } from '../model/profiles.ts';
import { atExpiryText, costText } from '../report/consequence-text.ts';
import { type End, ends } from '../report/consequences.ts';
import { figure } from '../report/format.ts';
import { entryName } from '../report/legend.ts';
import { listed } from '../report/lines.ts';
import { nodeCounts, type Row, rowsOf, SATURATED } from '../report/rows.ts';
import {
  type AuditedEnd,
  type Choice,
  choicesOf,
  endsListenersAlone,
  goesOn,
  longestAfterRevocation,
  mayBeBest,
  notJudged,
  type Outcome,
} from './choices.ts';

interface Asked {
  readonly auditedEnd?: AuditedEnd | undefined;
  /** A run of several nodes. */
  readonly nodes?: Run | undefined;
  readonly peers?: readonly string[] | undefined;
}

/** The pick, and the faults of the other options, a line each. Every word follows from the cells of the run. */
export function whatToPick(run: Run, { auditedEnd, nodes, peers }: Asked = {}): string {
  if (profiles.find(({ id }) => id === run.profile)?.claims === false)
    return `**Verdicts are withheld:** the profile ${run.profile} proves that everything runs, and claims nothing.`;
  const choices = choicesOf(run, auditedEnd).filter(
    ({ row }) => row.role !== 'peer' || (peers?.includes(row.strategy) ?? true),
  );
  const of = (outcome: Outcome) => choices.filter((choice) => choice.outcome === outcome);
  const [best, ...others] = of('uninterrupted').filter(({ row }) => row.role === 'strategy');
  const lines = [
    notJudgedLine(choices),
    best && bestLine(run, best, others),
    mayBeBest(choices) ? '' : interruptedLine(of('interrupted'), best !== undefined),
    endedLine(of('ended')),
    goingOnLine(of('goes on')),
    best && nodes && nodesLine(nodes, best.row),
  ].filter((line) => line !== undefined && line !== '');
  if (lines.length === 0)
    return '**Verdicts are withheld:** this run did not measure what happens at the end of a credential.';
  return lines.map((line) => `- ${line}`).join('\n');
}

function bestLine(run: Run, best: Choice, others: readonly Choice[]): string {
  const cost = costText(run, best.row.cell('server-cpu-per-message', SATURATED));
  const later = others.filter(({ renewsAhead }) => best.renewsAhead === true && renewsAhead === false);
  const alike = others.filter((other) => !later.includes(other));
  return [
    `**If clients can answer a renewal on the open connection, pick ${entryName(best.row)}.**`,
    `At expiry: ${atExpiryText(best.consequences.atExpiry)}.`,
    revoked(best),
    `CPU per message: ${cost}.`,
    later.length > 0 &&
      `${namesOf(later)} ${later.length === 1 ? 'loses' : 'lose'} nothing either, but ${later.length === 1 ? 'renews' : 'renew'} only after the expiry.`,
    alike.length > 0 && `${namesOf(alike)} ${alike.length === 1 ? 'does' : 'do'} the same.`,
  ]
    .filter((text) => text !== false && text !== '')
    .join(' ');
}

function notJudgedLine(choices: readonly Choice[]): string {
  const unseen = notJudged(choices);
  if (unseen.length === 0) return '';
  const pick = mayBeBest(choices) ? ' A strategy that is not judged may be the best, so nothing is picked.' : '';
  return `**${namesOf(unseen)}: not judged.** This run did not measure every end of a credential there.${pick} Repeat the run while the machine is quiet.`;
}

function revoked({ consequences }: Choice): string {
  const ms = longestAfterRevocation(consequences);
  return ms === undefined ? '' : `After a sign-out, a ban or a lost role, access ends within ${Math.round(ms)} ms.`;
}

function interruptedLine(choices: readonly Choice[], hasBetter: boolean): string {
  if (choices.length === 0) return '';
  const losses = choices.map((choice) => `${subject(choice, choices)}: ${atExpiryText(choice.consequences.atExpiry)}.`);
  const condition = hasBetter
    ? 'If a reconnect at each expiry is acceptable'
    : 'If clients can reconnect at each expiry';
  return `**${condition}, pick ${namesOf(choices, 'or')}.** ${losses.join(' ')}`;
}

/** The entry that loses; the line has named it already if it is the only one. */
const subject = ({ row }: Choice, choices: readonly Choice[]): string =>
  choices.length === 1 ? 'At expiry' : entryName(row);

function endedLine(choices: readonly Choice[]): string {
  if (choices.length === 0) return '';
  const losses = choices.map((choice) => {
    const silent = endsListenersAlone(choice.row) ? ' The ended connections only listen.' : '';
    return `${subject(choice, choices)}: ${atExpiryText(choice.consequences.atExpiry)}.${silent}`;
  });
  return `**With ${namesOf(choices)} some clients are signed out for good.** ${losses.join(' ')}`;
}

function goingOnLine(choices: readonly Choice[]): string {
  if (choices.length === 0) return '';
  const seen = ends.filter((end) => choices.some(({ consequences }) => goesOn(consequences.after[end])));
  const some = seen.length === 1 ? '' : 'at least one of these: ';
  return `**Do not pick ${namesOf(choices, 'or')}.** Each goes on after ${some}${listed(seen.map(nameOfEnd), 'or')}.`;
}

const nameOfEnd = (end: End): string =>
  ({ expiry: 'expiry', 'sign-out': 'a sign-out', ban: 'a ban', 'lost role': 'a lost role' })[end];

/** How fast all nodes hear of a sign-out; empty where the run has no figure for it. */
function nodesLine(nodes: Run, { strategy }: Row): string {
  const most = nodeCounts(nodes).at(-1);
  if (most === undefined) return '';
  const row = rowsOf(nodes, 'scale').find((one) => one.strategy === strategy && one.role === 'strategy');
  const cell = row?.cell('revocation-p99', { nodes: most });
  if (cell === undefined || cell.void !== undefined) return '';
  return `**On several nodes (pods), let all of them share one Redis for revocations and renewals.** On ${most} nodes, a sign-out on one ended connections of \`${strategy}\` on another within ${figure(cell.median)} ms (99th percentile).`;
}

function namesOf(choices: readonly Choice[], word: 'and' | 'or' = 'and'): string {
  const kinds = [...new Set(choices.map(({ row }) => row.kind))];
  const groups = kinds.map((kind) => {
    const names = choices.filter(({ row }) => row.kind === kind).map(({ row }) => `\`${row.strategy}\``);
    return `${kinds.length === 1 ? listed(names, word) : names.join(', ')} (${kind})`;
  });
  return listed(groups, word);
}
