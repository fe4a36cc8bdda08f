import { pageOf, textOf } from '../../remote/verdict/findings.ts';
import { questions, type ServerReport } from '../../remote/verdict/report.ts';
import { nameOf, placeOf } from './words.ts';

/** A text for XML 1.0; what XML cannot hold at all is left out. */
const escapeXml = (text: string): string =>
  Array.from(text)
    .filter((character) => /[\t\n\r]|[^\p{Cc}\p{Cs}]/u.test(character))
    .join('')
    .replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** JUnit XML: a failed case for each finding, and a case for each check that is not broken. */
export function junit(report: ServerReport): string {
  const { checks, findings, seconds } = report;
  const failed = findings.map(({ id, severity, seen, evidence, reproduce, accepted, places = [] }) => {
    const { title, mend } = textOf(id);
    const [first] = evidence.length === 0 ? places : [];
    const where = first === undefined ? '' : ` (${placeOf(first)})`;
    const name = `<testcase classname="finding.${severity}" name="${escapeXml(`${id}: ${title}${where}`)}"`;
    if (accepted !== undefined) return `  ${name}><skipped message="${escapeXml(accepted)}"/></testcase>`;
    const shown = places.map((place) => `${placeOf(place)} ${place.seen}`);
    const body = [seen, mend, pageOf(id), ...shown, ...evidence, reproduce].join('\n');
    return `  ${name}><failure type="${severity}" message="${escapeXml(seen)}">${escapeXml(body)}</failure></testcase>`;
  });
  const passed = checks
    .filter(({ state }) => state !== 'broken')
    .map(({ id, group, question, state, note }) => {
      const title = question === 'other' ? group : `${group}: ${questions[question]}`;
      const name = `<testcase classname="check" name="${escapeXml(`${id}: ${title}`)}"`;
      return state === 'kept'
        ? `  ${name}/>`
        : `  ${name}><skipped message="${escapeXml(`${state}: ${note}`)}"/></testcase>`;
    });
  const open = findings.filter(({ accepted }) => accepted === undefined).length;
  const skipped = [...failed, ...passed].filter((line) => line.includes('<skipped ')).length;
  const count = `tests="${failed.length + passed.length}" failures="${open}" skipped="${skipped}" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escapeXml(nameOf(report))}" ${count}>`,
    ...failed,
    ...passed,
    '</testsuite>',
  ].join('\n');
}
