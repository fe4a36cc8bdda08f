import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type AuditReport, parseReport } from '../audits/outcome.ts';
import { renderAudit, safetySection } from '../audits/report/matrix.ts';
import { safetyMarkup } from '../audits/report/matrix-html.ts';
import { verdictsOf } from '../claims/index.ts';
import { type ClaimsRecord, readClaims } from '../claims/record.ts';
import { claimsSection, type Judged } from '../claims/render.ts';
import { adviceTable } from '../advise/table.ts';
import { chartsOf } from '../bench/report/charts/charts-of.ts';
import { renderHtml } from '../bench/report/html/render-html.ts';
import { verdictTable } from '../bench/report/verdict.ts';
import { renderResults } from '../bench/report/results.ts';
import { readRun, type Run, runJsonSchema, writeRun } from '../bench/run-file.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { simulationReport } from '../simulate/report.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { UsageError } from './command.ts';
import { deviationList } from './deviation-list.ts';
import { spliced } from './splice.ts';

export interface Places {
  /** Where the run and what belongs to it go. */
  readonly folder: string;
  /** Where RESULTS.md goes. */
  readonly results: string;
  readonly root: string;
}

/** Where the audit is whose matrix RESULTS.md shows. */
export const AUDIT = 'results/audit/audit.json';

/** The audit at `root`; undefined where there is none. */
export function publishedAudit(root: string): AuditReport | undefined {
  const file = join(root, AUDIT);
  return existsSync(file) ? parseReport(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** Where the run of several nodes is. */
export const NODES = 'results/nodes/run.json';

/** Where what is simulated by that run is. */
const SIMULATION = 'results/nodes/SIMULATION.md';

export function publishedNodes(root: string): Run | undefined {
  const file = join(root, NODES);
  return existsSync(file) ? readRun(file) : undefined;
}

/** What stands beside a run in RESULTS.md, where it is there. */
interface Beside {
  readonly audit?: AuditReport | undefined;
  /** What the experiments of claims saw. */
  readonly claims?: ClaimsRecord | undefined;
  readonly nodes?: Run | undefined;
}

/** Every claim, by what is recorded at `root`; none where no experiment was. */
export function judgedAt(root: string): Judged {
  const source = publishedRun(root);
  return judgedBy(readRun(join(root, source)), besideAt(root, source));
}

const judgedBy = (run: Run, { audit, claims, nodes }: Beside): Judged =>
  claims === undefined ? [] : verdictsOf({ ...claims, run, audit, nodes });

function besideAt(root: string, source: string): Beside {
  const file = join(root, dirname(source), 'claims.json');
  return {
    audit: publishedAudit(root),
    claims: existsSync(file) ? readClaims(file) : undefined,
    nodes: publishedNodes(root),
  };
}

/**
 * All that is rendered from a run and what stands beside it, by where it goes; `path` is where the run is, as RESULTS.md
 * would find it.
 */
export function renderings(run: Run, path: string, beside: Beside = {}): Record<string, string> {
  const { audit, claims } = beside;
  const folder = dirname(path);
  const judged = judgedBy(run, beside);
  const verdicts = Object.fromEntries(judged.map(({ claim, verdict }) => [claim.id, verdict]));
  const sections = {
    ...(audit && { safety: safetySection(audit) }),
    ...(claims && { claims: claimsSection(judged, claims) }),
  };
  const charts = chartsOf(run).map(({ file, svg }) => [join(folder, file), svg]);
  return {
    'RESULTS.md': renderResults(run, path, sections),
    [join(folder, 'report.html')]: renderHtml(run, 'run.json', audit && safetyMarkup(audit)),
    ...(audit && { [join(dirname(AUDIT), 'AUDIT.md')]: renderAudit(audit) }),
    ...(claims && { [join(folder, 'claims.json')]: `${JSON.stringify({ ...claims, verdicts }, null, 1)}\n` }),
    ...(Object.fromEntries(charts) as Record<string, string>),
  };
}

/** The path of the run that RESULTS.md at `root` was rendered from. @throws UsageError where there is none */
export function publishedRun(root: string): string {
  const file = join(root, 'RESULTS.md');
  const source = existsSync(file) ? /Rendered from (\S+);/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  if (source === undefined) throw new UsageError('RESULTS.md names no run; write it with: npm run bench');
  return source;
}

/**
 * All that is rendered at `root`, from the run that RESULTS.md names and what stands beside it.
 * @throws UsageError where there is none
 */
export async function renderingsAt(root: string): Promise<Record<string, string>> {
  const source = publishedRun(root);
  const run = readRun(join(root, source));
  const beside = besideAt(root, source);
  const all = await loadStrategies();
  const strategies = all.filter(({ role }) => role === 'strategy');
  const tables = { results: verdictTable(run), advice: adviceTable(run, beside.audit, strategies) };
  return {
    ...renderings(run, source, beside),
    ...readmesOf(all, root),
    'README.md': spliced(readFileSync(join(root, 'README.md'), 'utf8'), tables),
    ...(beside.nodes && {
      ...below(dirname(NODES), renderings(beside.nodes, 'run.json')),
      [SIMULATION]: simulationReport(beside.nodes, strategies),
    }),
    'results/run.schema.json': `${JSON.stringify(runJsonSchema(), null, 2)}\n`,
  };
}

/** The README of each strategy that has its folder at `root`, with the deviations that it declares. */
function readmesOf(strategies: readonly Strategy[], root: string): Record<string, string> {
  const readmes = strategies.map((strategy) => ({ strategy, path: join('strategies', strategy.id, 'README.md') }));
  return Object.fromEntries(
    readmes
      .filter(({ path }) => existsSync(join(root, path)))
      .map(({ strategy, path }) => {
        const text = readFileSync(join(root, path), 'utf8');
        return [path, spliced(text, { deviations: deviationList(strategy) }, path)];
      }),
  );
}

const below = (folder: string, texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([path, text]) => [join(folder, path), text]));

/** Writes a run with all that is rendered from it; answers where RESULTS.md is. */
export async function publish(run: Run, { folder, results, root }: Places): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'run.json');
  writeRun(file, run);
  write(results, renderings(run, relative(results, file)));
  // A folder without a README is none of this project's.
  if (results === root && existsSync(join(root, 'README.md'))) write(root, await renderingsAt(root));
  return join(results, 'RESULTS.md');
}

/** Writes each text to its path below `root`. */
export function write(root: string, texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(root, path), text);
}
