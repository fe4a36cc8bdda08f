import { profiles } from '../model/profiles.ts';
import type { Run } from '../model/run-file.ts';
import { failuresOf } from './failures.ts';
import { table } from '../report/format.ts';
import { TOLERATED } from '../report/leaks.ts';
import { limitsOf } from './limits.ts';
import { machineFacts } from './machine.ts';
import { noiseSection } from './noise-section.ts';
import { isOfNodes } from '../suites/registry.ts';
import { suiteSections } from './sections.ts';
import { whatToPick } from './tiers.ts';
import { verdictTable } from './verdict.ts';

/** What others say of the same strategies, in Markdown. */
export interface Sections {
  readonly safety?: string;
  readonly claims?: string;
  /** Runs of single suites: the folder of each, and its command. */
  readonly others?: readonly { readonly folder: string; readonly command: string }[];
}

/** RESULTS.md, from one run, and whatever else there is; `path` is where the run is, as a reader would find it. */
export function renderResults(run: Run, path: string, { safety, claims, others = [] }: Sections = {}): string {
  return `# Results

<!-- Rendered from ${path}; edit nothing here. -->

${intro(run, path)}

${isOfNodes(run) ? '' : verdict(run)}${failures(run)}${titled('Is it safe', safety)}${titled('Was the article right', claims)}${isOfNodes(run) ? `## The machine\n\n${machine(run)}` : `## The machine and its noise\n\n${machine(run)}\n\n${noiseSection(run)}`}

${suiteSections(run, folderOf(path))}
## The command

\`\`\`sh
${run.command}
\`\`\`

Run on ${run.startedAt.slice(0, 10)} in ${Math.round(run.seconds)} s, seed ${run.seed}${commitOf(run)}.
Profile: ${profiles.find(({ id }) => id === run.profile)?.summary ?? run.profile}.${run.complete ? '' : '\n\n**This run is not complete: some of its blocks failed or were not run.**'}
${otherRuns(others)}
## Limits and declared bias

${limitsOf(run)}
`;
}

function intro(run: Run, path: string): string {
  const how = `[METHODOLOGY.md](${up(path)}METHODOLOGY.md)
says how it is measured; [report.html](${folderOf(path)}report.html) shows it with filters and pictures, without a network.`;
  return isOfNodes(run)
    ? `How should a NestJS gateway authenticate a connection that outlives its credential, where there are several nodes? Every
strategy stands behind the same gateways, *hardened*, with what can be closed closed. ${how}`
    : `How should a NestJS gateway authenticate a connection that outlives its credential? Every strategy stands behind the
same gateways, in two variants: *as published*, the article's credential policy with nothing added, and *hardened*,
with what can be closed closed. Ratios are against the no-auth baseline, the same gateways, guards and filter without a
check, with 95% intervals. "No difference found" means that this run could not tell the two apart, with its own noise and the number of
comparisons taken into account; the interval follows in brackets. ${how}`;
}

const verdict = (run: Run): string => `## What to pick

${whatToPick(run)}

## Verdict

${verdictTable(run)}

The third column lists what still worked more than ${TOLERATED} ms after it should have ended. \`>\` means that it had not ended
when the measurement did.

`;

/** Links to the pages of other recorded runs. */
function otherRuns(others: NonNullable<Sections['others']>): string {
  if (others.length === 0) return '';
  const lines = others.map(({ folder, command }) => `- [${folder}](${folder}/RESULTS.md): \`${command}\``);
  return `\nOther recorded runs:\n\n${lines.join('\n')}\n`;
}

const titled = (title: string, text: string | undefined): string =>
  text === undefined ? '' : `## ${title}\n\n${text}\n`;

/** What failed, where anything did; a line each, whatever it holds. */
function failures(run: Run): string {
  const lines = failuresOf(run).map((line) => `- ${line.replaceAll(/\s+/g, ' ')}`);
  return lines.length === 0 ? '' : `## What went wrong\n\n${lines.join('\n')}\n\n`;
}

const up = (path: string): string => (path.includes('/') ? '' : '../../');
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

const machine = ({ environment }: Run): string => table(['What', 'Value'], machineFacts(environment));

const commitOf = ({ environment: { commit, dirty } }: Run): string =>
  commit === null ? '' : `, at commit ${commit.slice(0, 12)}${dirty ? ' with uncommitted changes' : ''}`;
