import { type AuditReport, type Column, type Finding, type Matrix, score } from '../outcome.ts';

const marks: Readonly<Record<Finding['outcome'], string>> = {
  pass: 'kept',
  fail: '**broken**',
  deviation: 'deviates',
  'not applicable': '–',
  unknown: '**unknown**',
};

/** Promise by strategy and variant, in Markdown: the matrix, what each deviates in and why, and the view from outside. */
export function renderAudit({ inside, outside, command, commit }: AuditReport): string {
  return [
    '# Is it safe',
    '',
    '<!-- Rendered from audit.json; edit nothing here. -->',
    '',
    `\`${command}\`${commit === null ? '' : `, at commit ${commit.slice(0, 12)}`}. "Deviates" is a failure that the strategy`,
    'declares, with its reason below; "–" is a promise whose question makes no sense there. audit.json has what went over',
    'the wire where a promise was not kept.',
    '',
    table(inside),
    '',
    ...inside.columns.flatMap(reasons),
    '## From outside',
    '',
    'Each in a process of its own, held to what `npm run audit -- --url` can see of any server; peers are what people write',
    'today. Nobody declares a deviation here: what is broken is broken.',
    '',
    table(outside),
    '',
  ].join('\n');
}

const nameOf = ({ strategy, variant }: Column): string => (variant === null ? strategy : `${strategy} ${variant}`);

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
  const lines = [head, head.map(() => ':--'), ['**kept, of those that apply**', ...kept], ...rows];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
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
  const lines = [...byReason].map(([reason, ids]) => `- ${ids.join(', ')}: ${reason}`);
  return [`## ${column.title}, ${column.variant}`, '', ...lines, ''];
}

function found({ findings }: Column, id: string): Finding {
  return findings.find((finding) => finding.id === id) ?? { id, outcome: 'unknown', reason: 'it was not asked' };
}
