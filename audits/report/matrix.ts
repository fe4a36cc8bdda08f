import { type AuditReport, type Column, type Finding, score } from '../outcome.ts';

const marks: Readonly<Record<Finding['outcome'], string>> = {
  pass: 'kept',
  fail: '**broken**',
  deviation: 'deviates',
  'not applicable': '–',
  unknown: '**unknown**',
};

/** Promise by strategy and variant, in Markdown: the matrix, what each deviates in and why, and what does not apply. */
export function matrix(report: AuditReport): string {
  const { audits, columns, command, commit } = report;
  const head = ['Promise', ...columns.map(({ strategy, variant }) => `${strategy} ${variant}`)];
  const rows = audits.map(({ id, promise, source }) => [
    `\`${id}\` ${promise}${source === undefined ? '' : ` (${source})`}`,
    ...columns.map((column) => marks[found(column, id).outcome]),
  ]);
  const kept = columns.map((column) => {
    const { kept: passed, applicable } = score(column);
    return `${passed} of ${applicable}`;
  });
  return [
    '# Is it safe',
    '',
    '<!-- Rendered from audit.json; edit nothing here. -->',
    '',
    `\`${command}\`${commit === null ? '' : `, at commit ${commit.slice(0, 12)}`}. "Deviates" is a failure that the strategy`,
    'declares, with its reason below; "–" is a promise whose question makes no sense there.',
    '',
    table(head, [['**kept, of those that apply**', ...kept], ...rows]),
    '',
    ...columns.flatMap(reasons),
  ].join('\n');
}

function reasons(column: Column): string[] {
  const told = column.findings.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not applicable');
  if (told.length === 0) return [];
  const lines = told.map(({ id, outcome, reason = '' }) => `- \`${id}\`: ${outcome}: ${reason.split('\n', 1)[0]}`);
  return [`## ${column.title}, ${column.variant}`, '', ...lines, ''];
}

function found({ findings }: Column, id: string): Finding {
  return findings.find((finding) => finding.id === id) ?? { id, outcome: 'unknown', reason: 'it was not asked' };
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => ':--'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
