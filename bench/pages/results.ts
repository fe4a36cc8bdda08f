import { profiles } from '../model/profiles.ts';
import type { Run } from '../model/run-file.ts';
import { connectionTimelines, type Picture } from '../report/charts/connection-timelines.ts';
import { table } from '../report/format.ts';
import { isOfNodes } from '../suites/registry.ts';
import type { AuditedEnd } from './choices.ts';
import { consequenceTable } from './consequence-table.ts';
import { costTable } from './cost-table.ts';
import { DETAILS } from './details.ts';
import { failuresOf } from './failures.ts';
import { limitsOf } from './limits.ts';
import { machineFacts } from './machine.ts';
import { noiseSummary } from './noise-section.ts';
import { whatToPick } from './pick.ts';
import { suiteLinks, suiteSections } from './sections.ts';
import { costGroups } from './tiers.ts';

/** The parts of RESULTS.md that come from elsewhere than the run. */
export interface Sections {
  /** A summary of the audit, and of the article's claims, in Markdown. */
  readonly safety?: string | undefined;
  readonly claims?: string | undefined;
  readonly auditedEnd?: AuditedEnd | undefined;
  /** A run of several nodes, and its page as RESULTS.md finds it. */
  readonly nodes?: { readonly run: Run; readonly page: string } | undefined;
  /** Runs of single suites: the folder of each as RESULTS.md finds it, and its command. */
  readonly others?: readonly {
    readonly folder: string;
    readonly command: string;
    /** Its figures stand in the place of this run's. */
    readonly isShownHere: boolean;
  }[];
}

/** The picture of a run: its file's name beside run.json. */
const TIMELINE = 'timeline.svg';

/** Whether a run answers what to pick: it has costs and ends on one node. Other runs show the tables of their suites at once. */
export const hasDetails = (run: Run): boolean =>
  !isOfNodes(run) && ['parse-cost', 'expiry'].every((id) => run.cells.some(({ suite }) => suite === id));

/** RESULTS.md of a run; `path` is where the run is, as a reader of that page would find it. */
export function renderResults(run: Run, path: string, sections: Sections = {}): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const parts = hasDetails(run)
    ? answerOf(run, folder, sections)
    : [section('The machine', machine(run)), suiteSections(run, folder).trimEnd()];
  return `${[
    '# Results',
    `<!-- Rendered from ${path}; edit nothing here. -->`,
    intro(run, folder),
    ...failures(run),
    ...parts,
    ...otherRuns(sections),
    section('Limits and declared bias', limitsOf(run)),
    section('The command', commandText(run)),
  ].join('\n\n')}\n`;
}

function answerOf(run: Run, folder: string, { safety, claims, auditedEnd, nodes }: Sections): string[] {
  const picture = connectionTimelines(run);
  return [
    section('What to pick', whatToPick(run, { auditedEnd, nodes: nodes?.run })),
    section(
      'What happens at expiry',
      [...pictured(picture, folder), consequenceTable(run, { auditedEnd })].join('\n\n'),
    ),
    section('What it costs', `${costGroups(run)}\n\n${costTable(run)}`),
    ...(safety === undefined ? [] : [section('Is it safe', safety)]),
    ...(claims === undefined ? [] : [section('Was the article right', claims)]),
    section(
      'The machine and its noise',
      `${machine(run)}\n\n${noiseSummary(run)} [The noise of this run](${folder}${DETAILS}#the-noise-of-this-run) has the rest.`,
    ),
    section(
      'All tables',
      `Each suite has its tables on [a page of its own](${folder}${DETAILS}):\n\n${suiteLinks(run, `${folder}${DETAILS}`)}`,
    ),
  ];
}

const section = (title: string, text: string): string => `## ${title}\n\n${text}`;

/** The picture, and the same in words, folded; nothing where the run has none. */
export const pictured = (picture: Picture | undefined, folder: string, file = TIMELINE): string[] =>
  picture === undefined
    ? []
    : [
        `![One connection of each entry at expiry, sign-out and ban](${folder}${file})`,
        `<details>\n<summary>The picture in words</summary>\n\n${picture.text.replaceAll(/^/gm, '- ')}\n\n</details>`,
      ];

function intro(run: Run, folder: string): string {
  const method = '[METHODOLOGY.md](METHODOLOGY.md)';
  const how = `[report.html](${folder}report.html) has the same with filters and pictures. ${method} says how it is measured.`;
  return isOfNodes(run)
    ? `What does authentication take where a NestJS application runs on several nodes? Every strategy is \`hardened\` unless a table names its variant. ${how}`
    : `An access token expires, or its user is signed out, while the WebSocket is open.
Who may still act, and who is thrown out?
${how}`;
}

/** Links to the pages of other recorded runs. */
function otherRuns({ others = [], nodes }: Sections): string[] {
  const lines = [
    ...(nodes ? [`- [Several nodes](${nodes.page}): \`${nodes.run.command}\``] : []),
    ...others.map(
      ({ folder, command, isShownHere }) =>
        `- [${folder}](${folder}/RESULTS.md): \`${command}\`${isShownHere ? '. It is newer, so this page shows its figures.' : ''}`,
    ),
  ];
  return lines.length === 0 ? [] : [section('Other recorded runs', lines.join('\n'))];
}

/** What failed, where anything did; a line each, whatever it holds. */
function failures(run: Run): string[] {
  const lines = failuresOf(run).map((line) => `- ${line.replaceAll(/\s+/g, ' ')}`);
  return lines.length === 0 ? [] : [section('What went wrong', lines.join('\n'))];
}

const machine = ({ environment }: Run): string =>
  `<details>\n<summary>${environment.cpu}, ${environment.cores} cores, Node ${environment.node}</summary>\n\n${table(['What', 'Value'], machineFacts(environment))}\n\n</details>`;

function commandText(run: Run): string {
  const commit = run.environment.commit === null ? '' : `, at commit ${run.environment.commit.slice(0, 12)}`;
  const changes = run.environment.dirty ? ' with uncommitted changes' : '';
  const summary = profiles.find(({ id }) => id === run.profile)?.summary ?? run.profile;
  const incomplete = '**This run is not complete: some of its blocks failed or were not run.**';
  return [
    `\`\`\`sh\n${run.command}\n\`\`\``,
    `Run on ${run.startedAt.slice(0, 10)} in ${Math.round(run.seconds)} s, with seed ${run.seed}${commit}${changes}.\nProfile: ${summary}.`,
    ...(run.complete ? [] : [incomplete]),
  ].join('\n\n');
}
