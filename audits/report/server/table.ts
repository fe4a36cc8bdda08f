import { pageOf, textOf } from '../../remote/verdict/findings.ts';
import { type Check, questions, type ServerFinding, type ServerReport } from '../../remote/verdict/report.ts';

const COLUMNS = ['connect', 'handle', 'receive'] as const;
const WIDE = 42;

/** For a terminal: the matrix, each finding with its frames, and what could not be told. */
export function table(report: ServerReport): string {
  const { url, namespace, platform, control, checks, findings, stopped, seconds } = report;
  const open = findings.filter(({ accepted }) => accepted === undefined);
  const accepted = findings.filter((finding) => finding.accepted !== undefined);
  const heads = COLUMNS.map((question) => questions[question].padEnd(26))
    .join('')
    .trimEnd();
  return [
    platform === 'ws' ? url : `${url}${namespace}`,
    control,
    '',
    `${' '.repeat(WIDE)}${heads}`,
    ...rowsOf(checks),
    ...open.flatMap(findingLines),
    ...(accepted.length > 0 ? ['', 'Accepted:'] : []),
    ...accepted.map(({ id, severity, accepted: why }) => `  ${severity} ${id}: ${why}`),
    ...openQuestions(checks),
    ...(stopped === undefined ? [] : ['', stopped]),
    '',
    `${totals(report)} (${seconds.toFixed(1)} s)`,
  ].join('\n');
}

function rowsOf(checks: readonly Check[]): string[] {
  const matrix = checks.filter(({ question }) => question !== 'other');
  const groups = [...new Set(matrix.map(({ group }) => group))];
  const rows = groups.map((group) => {
    const cells = COLUMNS.map((question) => {
      const found = matrix.find((one) => one.group === group && one.question === question);
      return (found === undefined ? '-' : stateOf(found)).padEnd(26);
    });
    return `${group.padEnd(WIDE)}${cells.join('').trimEnd()}`;
  });
  const others = checks.filter(({ question }) => question === 'other');
  return [...rows, ...others.map((one) => `${one.group.padEnd(WIDE)}${stateOf(one)}: ${one.note}`)];
}

const stateOf = ({ state }: Check): string => (state === 'broken' ? 'BROKEN' : state);

function findingLines({ id, severity, seen, evidence, reproduce }: ServerFinding): string[] {
  const { title, attacker, mend, source } = textOf(id);
  return [
    '',
    `${severity.toUpperCase()}  ${id}: ${title}`,
    `  Seen: ${seen}`,
    `  An attacker: ${attacker}`,
    `  Fix: ${mend}`,
    `  ${source}; ${pageOf(id)}`,
    '  Frames:',
    ...evidence.map((line) => `    ${line}`),
    '  Reproduce, with the credential in WS_CREDENTIAL:',
    ...reproduce.split('\n').map((line) => `    ${line}`),
  ];
}

/** The questions without an answer, by the option that would help. */
function openQuestions(checks: readonly Check[]): string[] {
  const untold = checks.filter(({ state }) => state === 'could not tell');
  const notes = [...new Set(untold.map(({ note }) => note))];
  if (notes.length === 0) return [];
  const lines = notes.map((note) => {
    const ids = untold.filter((one) => one.note === note).map(({ id }) => id);
    return `  ${ids.join(', ')}: ${note}`;
  });
  return ['', 'Could not tell:', ...lines];
}

/** `20 kept, 3 broken by 1 cause, 6 could not tell, 2 not applicable`. */
export function totals({ checks, findings }: ServerReport): string {
  const count = (state: Check['state']): number => checks.filter((one) => one.state === state).length;
  const causes = findings.length === 1 ? '1 cause' : `${findings.length} causes`;
  return `${count('kept')} kept, ${count('broken')} broken by ${causes}, ${count('could not tell')} could not tell, ${count('not applicable')} not applicable`;
}
