import { acrossText } from '../engine/matrix-run.ts';
import {
  type AcrossNodes,
  type AuditReport,
  budget,
  type Column,
  type Finding,
  type KillScore,
  type Matrix,
  type Spread,
  type StalenessCell,
} from '../engine/audit-file.ts';
import { nameOf } from '../../bench/model/entry.ts';
import { score } from '../engine/outcome.ts';
import { staleAt } from '../checks/advisories.ts';

const marks: Readonly<Record<Finding['outcome'], string>> = {
  pass: 'kept',
  fail: '**broken**',
  deviation: 'deviates',
  'not applicable': '–',
  unknown: '**unknown**',
};

/** AUDIT.md, which stands beside audit.json: what each promises and keeps, and how long a credential goes on. */
export function renderAudit(report: AuditReport): string {
  const { inside, outside, staleness, acrossNodes = [] } = report;
  return [
    '# Is it safe',
    '<!-- Rendered from audit.json; edit nothing here. -->',
    summaryOf(report),
    ...(staleness.length === 0 ? [] : ['## How long a credential goes on', stalenessTable(staleness)]),
    ...(acrossNodes.length === 0 ? [] : ['## A revocation on another node', acrossNodesList(acrossNodes)]),
    '## Promise by strategy',
    table(inside),
    ...inside.columns.flatMap(reasons),
    ...(outside.columns.length === 0 ? [] : ['## From outside', outsideNote, table(outside)]),
    '',
  ].join('\n\n');
}

const outsideNote =
  'Each server runs in a process of its own, and is held to what `npm run audit -- --url` can see of any server. Peers are what ' +
  'people write today. Nobody declares a deviation here, so what is broken is broken.';

/** The audit in a few lines for RESULTS.md; `page` is where AUDIT.md is. */
export const safetySection = (report: AuditReport, page: string): string =>
  `${summaryOf(report)}\n\n[AUDIT.md](${page}) has every promise by every strategy.`;

function summaryOf(report: AuditReport): string {
  const { inside, mutants, command, commit, startedAt } = report;
  const strategies = inside.columns.filter(({ strategy }) => !strategy.startsWith('_'));
  const lines = (['hardened', 'as-published'] as const).flatMap((variant) => {
    const own = strategies.filter((column) => column.variant === variant);
    const texts = own.map((column) => {
      const { kept, applicable } = score(column);
      return `\`${column.strategy}\` ${kept} of ${applicable}`;
    });
    return own.length === 0 ? [] : [`- Promises kept, \`${variant}\`: ${texts.join(', ')}.`];
  });
  return [
    lines.join('\n'),
    ...(mutants === null ? [] : [killText(mutants)]),
    ...warningsOf(report).map((line) => `**${line}.**`),
    `Recorded by \`${command}\` on ${startedAt.slice(0, 10)}${commit === null ? '' : `, at commit ${commit.slice(0, 12)}`}.`,
  ].join('\n\n');
}

/** Warnings for the reader of the report that break no promise. */
export function warningsOf({ startedAt, advisoriesOf }: AuditReport): string[] {
  const stale = advisoriesOf === undefined ? undefined : staleAt(new Date(startedAt), advisoriesOf);
  return stale === undefined ? [] : [stale];
}

export const killText = ({ mutants, promises, escaped }: KillScore): string =>
  `To test the audit itself, ${mutants} strategies were given one fault each. It caught ${mutants - escaped.length} of these mutants, ` +
  `each by the promise that its fault breaks (${promises} promises).${escaped.length === 0 ? '' : ` Not caught: ${escaped.join('; ')}.`}`;

const lines = (rows: readonly (readonly string[])[]): string => rows.map((row) => `| ${row.join(' | ')} |`).join('\n');

/** What the figures are, for a reader. */
export const stalenessNote =
  'A thief sends on one connection and receives on another, both a thousand times a second, and renews nothing. Times are in ms, ' +
  "from the credential's expiry, or from the request for the logout, the ban or the loss of the role. They are the 50th, 95th and 99th " +
  'percentiles and the maximum. ">" marks what had not ended when the measurement did. ' +
  `The budget for a hardened variant is ${budget.ms} ms at the 99th percentile, from logout and ban to the last handled message.`;

const stalenessColumns =
  '- **Last act handled**: the last message of the thief that the server handled.\n' +
  '- **Last delivery**: the last notification that the thief received.\n' +
  '- **Close**: when the last of its connections was closed.';

function stalenessTable(cells: readonly StalenessCell[]): string {
  const head = ['Strategy', 'After', 'Last act handled', 'Last delivery', 'Close'];
  const rows = cells.map((cell) => [
    nameOf(cell),
    cell.end,
    ...[cell.handled, cell.delivered, cell.closed].map((spread) =>
      cell.void === undefined ? spreadText(spread) : cell.void,
    ),
  ]);
  return `${stalenessNote}\n\n${lines([head, head.map(() => ':--'), ...rows])}\n\n${stalenessColumns}`;
}

const acrossNodesList = (all: readonly AcrossNodes[]): string => all.map((one) => `- ${acrossText(one)}`).join('\n');

/** p50, p95, p99 and max in ms; a bound where the end was not seen. */
export function spreadText(spread: Spread): string {
  if (spread === null) return 'not measured';
  const { n, p50, p95, p99, max, censored } = spread;
  if (censored === n) return `> ${p50} (${n} of ${n})`;
  return `${p50} / ${p95} / ${p99} / ${max} (n ${n}${censored > 0 ? `, ${censored} not ended` : ''})`;
}

function table({ audits, columns }: Matrix): string {
  const rows = audits.map(({ id, promise, source }) => [
    `\`${id}\` ${promise}${source === undefined ? '' : ` (${source})`}`,
    ...columns.map((column) => marks[found(column, id).outcome]),
  ]);
  const kept = columns.map((column) => {
    const { kept: passed, applicable } = score(column);
    return `${passed} of ${applicable}`;
  });
  const head = ['Promise', ...columns.map(nameOf)];
  const cells = lines([head, head.map(() => ':--'), ['**kept, of those that apply**', ...kept], ...rows]);
  return `${cells}\n\n${marksNote}`;
}

const marksNote =
  'There is one column for each strategy and variant. "deviates" means that the strategy declares that it does not keep the promise, ' +
  'with its reason. "–" means that the question makes no sense there. audit.json has what went over the wire where a promise was not kept.';

/** A paragraph for each reason, with the promises that share it. */
function reasons(column: Column): string[] {
  const told = column.findings.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not applicable');
  if (told.length === 0) return [];
  const byReason = new Map<string, string[]>();
  for (const { id, outcome, reason = '' } of told) {
    const line = `${outcome === 'deviation' ? '' : `${outcome}: `}${reason.split('\n', 1)[0]}`;
    byReason.set(line, [...(byReason.get(line) ?? []), `\`${id}\``]);
  }
  const items = [...byReason].map(([reason, ids]) => `- ${ids.join(', ')}: ${reason}`);
  return [`Not kept by ${nameOf(column)}:`, items.join('\n')];
}

export function found({ findings }: Column, id: string): Finding {
  return findings.find((finding) => finding.id === id) ?? { id, outcome: 'unknown', reason: 'it was not asked' };
}
