import type { Run } from '../model/run-file.ts';
import { type AfterEnd, type Consequences, consequencesOf, type End, ends } from '../report/consequences.ts';
import { isSafe, leaksOf } from '../report/leaks.ts';
import { type Row, rowsOf } from '../report/rows.ts';

/** The outcomes of a credential's end, the best for most applications first. */
export const outcomes = ['uninterrupted', 'interrupted', 'ended', 'goes on', 'not known'] as const;
export type Outcome = (typeof outcomes)[number];

/** An entry with all that decides whether to pick it. */
export interface Choice {
  readonly row: Row;
  readonly consequences: Consequences;
  readonly outcome: Outcome;
  /** Its client renews before the credential ends, and not after; undefined where no renewal was recorded. */
  readonly renewsAhead: boolean | undefined;
}

/** Looks up an audit's figures for an entry after one end. An audit has more probes than a run. Undefined if it measured none. */
export type AuditedEnd = (row: Pick<Row, 'strategy' | 'variant'>, end: End) => AfterEnd | undefined;

const notAudited: AuditedEnd = () => undefined;

/**
 * Every strategy and peer of a run, the best first: by what happens at the end of a credential, then by what is lost, and
 * those that renew ahead of the end before those that renew after it. Facts only; no text decides anything.
 */
export function choicesOf(run: Run, auditedEnd: AuditedEnd = notAudited): Choice[] {
  return rowsOf(run)
    .filter(({ role }) => role === 'strategy' || role === 'peer')
    .map((row) => choiceOf(run, row, auditedEnd))
    .toSorted(
      (a, b) =>
        Number(a.row.role === 'peer') - Number(b.row.role === 'peer') ||
        Number(a.row.variant !== 'hardened') - Number(b.row.variant !== 'hardened') ||
        outcomes.indexOf(a.outcome) - outcomes.indexOf(b.outcome) ||
        lossOf(a) - lossOf(b) ||
        Number(b.renewsAhead === true) - Number(a.renewsAhead === true) ||
        a.row.strategy.localeCompare(b.row.strategy),
    );
}

/** Hardened strategies that a run measured at expiry, but not at every other end. It is not known whether they are safe. */
export const notJudged = (choices: readonly Choice[]): Choice[] =>
  choices.filter(
    ({ row, outcome, consequences }) =>
      row.role === 'strategy' &&
      row.variant === 'hardened' &&
      outcome === 'not known' &&
      consequences.atExpiry.kind !== 'not measured',
  );

/** Whether a strategy that is not judged may be better than all strategies that are. */
export const mayBeBest = (choices: readonly Choice[]): boolean =>
  !choices.some(({ row, outcome }) => row.role === 'strategy' && outcome === 'uninterrupted') &&
  notJudged(choices).some(({ consequences: { atExpiry } }) => expiryOutcome(atExpiry) === 'uninterrupted');

function choiceOf(run: Run, row: Row, auditedEnd: AuditedEnd): Choice {
  const { atExpiry, after } = consequencesOf(row);
  const merged = (end: End) => auditedEnd(row, end) ?? after[end];
  const consequences: Consequences = {
    atExpiry,
    // A run says whether a client is cut at expiry; the audit's clients renew nothing there either.
    after: {
      expiry: after.expiry,
      'sign-out': merged('sign-out'),
      ban: merged('ban'),
      'lost role': merged('lost role'),
    },
  };
  return { row, consequences, outcome: outcomeOf(row, consequences), renewsAhead: renewsAhead(run, row) };
}

function outcomeOf(row: Row, { atExpiry, after }: Consequences): Outcome {
  if (ends.some((end) => goesOn(after[end]))) return 'goes on';
  if (!isSafe(leaksOf(row)) || atExpiry.kind === 'not measured') return 'not known';
  return expiryOutcome(atExpiry);
}

function expiryOutcome({ kind, lost, failed }: Consequences['atExpiry']): Outcome {
  if (kind === 'ended for good') return 'ended';
  return kind === 'reconnects' || lost + failed > 0 ? 'interrupted' : 'uninterrupted';
}

/** Whether a credential is still of use after this end. */
export const goesOn = ({ acts, receives }: AfterEnd): boolean => [acts, receives].some((use) => use?.goesOn);

/** How long a credential was of use after any end but its expiry, at most, in ms; undefined where that was not measured. */
export function longestAfterRevocation({ after }: Consequences): number | undefined {
  const uses = ends
    .filter((end) => end !== 'expiry')
    .flatMap((end) => [after[end].acts, after[end].receives])
    .filter((use) => use !== undefined);
  return uses.length === 0 ? undefined : Math.max(...uses.map(({ ms }) => ms));
}

/** Only connections that never send were ended at expiry: those that send were not silent for as long as a lifetime. */
export function endsListenersAlone({ cell }: Pick<Row, 'cell'>): boolean {
  const [ended, talks, listens] = [
    cell('ended-connections'),
    cell('longest-gap', { side: 'talks' }),
    cell('longest-gap', { side: 'listens' }),
  ];
  const lifetime = Number(ended?.params['lifetime']);
  if (ended === undefined || talks === undefined || listens === undefined || Number.isNaN(lifetime)) return false;
  return (
    ended.median > 0 &&
    ended.median <= Number(ended.params['clients']) &&
    talks.median < lifetime &&
    listens.median >= lifetime
  );
}

const lossOf = ({ consequences: { atExpiry } }: Choice): number => atExpiry.lost + atExpiry.failed;

function renewsAhead({ timelines }: Pick<Run, 'timelines'>, { strategy, variant }: Row): boolean | undefined {
  const areAhead = timelines
    .filter(
      ({ client, end, ...of }) =>
        client === 'honest' && end === 'expiry' && of.strategy === strategy && of.variant === variant,
    )
    .flatMap((one) => [...one.acts.renewals, ...one.receives.renewals].map((renewal) => isAhead(renewal, one.ends)));
  return areAhead.length === 0 ? undefined : areAhead.filter(Boolean).length > areAhead.length / 2;
}

/** Whether a renewal is closer to the next end than to the last one. All are times in ms. */
function isAhead(renewal: number, expiries: readonly number[]): boolean {
  const next = Math.min(...expiries.filter((expiry) => expiry > renewal));
  const last = Math.max(...expiries.filter((expiry) => expiry <= renewal));
  return next - renewal < renewal - last;
}
