import { pageOf, textOf } from '../../remote/verdict/findings.ts';
import { type Check, questions, type ServerFinding, type ServerReport } from '../../remote/verdict/report.ts';
import { basisOf, nameOf, placeOf, totals } from './words.ts';

const COLUMNS = ['connect', 'handle', 'receive'] as const;
const WIDE = 46;

/** For a terminal: the matrix, each finding with its frames, and what could not be told. */
export function table(report: ServerReport): string {
  const { checks, findings, stopped, seconds } = report;
  const open = findings.filter(({ accepted }) => accepted === undefined);
  const accepted = findings.filter((finding) => finding.accepted !== undefined);
  const heads = COLUMNS.map((question) => questions[question].padEnd(26))
    .join('')
    .trimEnd();
  return [
    nameOf(report),
    ...basisOf(report),
    ...(checks.length === 0 ? [] : ['', `${' '.repeat(WIDE)}${heads}`, ...rowsOf(checks)]),
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

function findingLines({ id, severity, seen, evidence, reproduce, places = [] }: ServerFinding): string[] {
  const { title, attacker, mend, source } = textOf(id);
  return [
    '',
    `${severity.toUpperCase()}  ${id}: ${title}`,
    `  Seen: ${seen}`,
    `  An attacker: ${attacker}`,
    `  Fix: ${mend}`,
    `  ${source}; ${pageOf(id)}`,
    ...block(
      'In the source:',
      places.map((place) => (place.seen === seen ? placeOf(place) : `${placeOf(place)} ${place.seen}`)),
    ),
    ...block('Frames:', evidence),
    ...block('Reproduce, with the credential in WS_CREDENTIAL:', reproduce === '' ? [] : reproduce.split('\n')),
  ];
}

const block = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];

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
