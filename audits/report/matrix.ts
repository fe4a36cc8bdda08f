import {
  type AuditReport,
  budget,
  type Column,
  type Finding,
  type KillScore,
  type Matrix,
  type Spread,
  type StalenessCell,
} from '../engine/audit-file.ts';
import { score } from '../engine/outcome.ts';
import { staleAt } from '../checks/advisories.ts';

const marks: Readonly<Record<Finding['outcome'], string>> = {
  pass: 'kept',
  fail: '**broken**',
  deviation: 'deviates',
  'not applicable': '–',
  unknown: '**unknown**',
};

/** AUDIT.md, which stands beside audit.json. */
export const renderAudit = (report: AuditReport): string =>
  `# Is it safe\n\n<!-- Rendered from audit.json; edit nothing here. -->\n\n${safetySection(report)}`;

/** What each promises and keeps, how long a credential goes on, and whether the audit would have seen it; in Markdown. */
export function safetySection(report: AuditReport): string {
  const { inside, outside, staleness, mutants, command, commit, startedAt } = report;
  return [
    `\`${command}\`, ${startedAt.slice(0, 10)}${commit === null ? '' : `, at commit ${commit.slice(0, 12)}`}.`,
    '"Deviates" is a failure that the strategy declares, with its reason below; "–" is a promise whose question makes no',
    'sense there. audit.json has what went over the wire where a promise was not kept.',
    '',
    ...(mutants === null ? [] : [`${killText(mutants)}\n`]),
    ...warningsOf(report).map((line) => `**${line}.**\n`),
    ...(staleness.length === 0 ? [] : ['### How long a credential goes on', '', stalenessTable(staleness), '']),
    '### Promise by strategy',
    '',
    table(inside),
    '',
    ...inside.columns.flatMap(reasons),
    ...(outside.columns.length === 0
      ? []
      : [
          '### From outside',
          '',
          'Each in a process of its own, held to what `npm run audit -- --url` can see of any server; peers are what people',
          'write today. Nobody declares a deviation here: what is broken is broken.',
          '',
          table(outside),
          '',
        ]),
  ].join('\n');
}

/** Warnings for the reader of the report that break no promise. */
export function warningsOf({ startedAt, advisoriesOf }: AuditReport): string[] {
  const stale = advisoriesOf === undefined ? undefined : staleAt(new Date(startedAt), advisoriesOf);
  return stale === undefined ? [] : [stale];
}

export const killText = ({ mutants, promises, escaped }: KillScore): string =>
  `The verifier verified: of ${mutants} strategies with one fault each, ${mutants - escaped.length} are caught by the ` +
  `promise that the fault breaks (${promises} promises).${escaped.length === 0 ? '' : ` Not caught: ${escaped.join('; ')}.`}`;

const nameOf = ({ strategy, variant }: Pick<Column, 'strategy' | 'variant'>): string =>
  variant === null ? strategy : `${strategy} ${variant}`;

const lines = (rows: readonly (readonly string[])[]): string => rows.map((row) => `| ${row.join(' | ')} |`).join('\n');

/** What the figures are, for a reader. */
export const stalenessNote =
  'In ms from the moment in question to the last act that was handled, the last notification that was delivered and the ' +
  `close of the last connection: a thief talks on one connection and is notified on another, both a thousand times a second, ` +
  "and renews nothing. From the credential's expiry, or from when the logout, the ban or the loss of the role was asked " +
  `for. ">" marks what had not ended when the watch did. Budget from logout and ban to the last handled act, hardened, p99: ${budget.ms} ms.`;

function stalenessTable(cells: readonly StalenessCell[]): string {
  const head = ['Strategy', 'After', 'Last act handled', 'Last delivery', 'Close'];
  const rows = cells.map((cell) => [
    nameOf(cell),
    cell.end,
    ...[cell.handled, cell.delivered, cell.closed].map((spread) =>
      cell.void === undefined ? spreadText(spread) : cell.void,
    ),
  ]);
  return `${stalenessNote}\n\n${lines([head, head.map(() => ':--'), ...rows])}`;
}

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
  return lines([head, head.map(() => ':--'), ['**kept, of those that apply**', ...kept], ...rows]);
}

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
  return [`${column.title}, ${column.variant}:`, '', ...items, ''];
}

export function found({ findings }: Column, id: string): Finding {
  return findings.find((finding) => finding.id === id) ?? { id, outcome: 'unknown', reason: 'it was not asked' };
}
