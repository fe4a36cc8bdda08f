import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { AuditReport } from '../audits/engine/audit-file.ts';
import { renderAudit, safetySection } from '../audits/report/matrix.ts';
import { safetyMarkup } from '../audits/report/matrix-html.ts';
import { verdictsOf } from '../claims/index.ts';
import { type ClaimsRecord, readClaims } from '../claims/record.ts';
import { claimsSection, type Judged } from '../claims/render.ts';
import { adviceTable } from '../advise/table.ts';
import { chartsOf } from '../bench/pages/sections.ts';
import { renderHtml } from '../bench/pages/html/render-html.ts';
import { verdictTable } from '../bench/pages/verdict.ts';
import { renderResults } from '../bench/pages/results.ts';
import { readRun, type Run, runJsonSchema, writeRun } from '../bench/model/run-file.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { simulationReport } from '../simulate/report.ts';
import { type Kind, type Published, publishAs, publishedAt, publishedAudit, publishedNodes } from './published.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { deviationList } from './deviation-list.ts';
import { spliced } from './splice.ts';

export interface Places {
  /** Where the run and what belongs to it go. */
  readonly folder: string;
  /** Where RESULTS.md goes. */
  readonly results: string;
  readonly root: string;
  /** As what README.md and RESULTS.md show it from now on; undefined where they do not. */
  readonly kind: Kind | undefined;
}

/** What stands beside a run in RESULTS.md, where it is there. */
interface Beside {
  readonly audit?: AuditReport | undefined;
  /** What the experiments of claims saw. */
  readonly claims?: ClaimsRecord | undefined;
  readonly nodes?: Run | undefined;
  /** Where the pages of the audit go. */
  readonly auditFolder?: string;
  /** Runs of single suites, and where they are. */
  readonly others?: readonly { readonly path: string; readonly run: Run }[];
}

/** Every claim, by what is recorded at `root`; none where no experiment was. */
export function judgedAt(root: string): Judged {
  const published = publishedAt(root);
  return judgedBy(readRun(join(root, published.run)), besideAt(root, published));
}

const judgedBy = (run: Run, { audit, claims, nodes }: Beside): Judged =>
  claims === undefined ? [] : verdictsOf({ ...claims, run, audit, nodes });

function besideAt(root: string, { run, audit, others }: Published): Beside {
  const file = join(root, dirname(run), 'claims.json');
  return {
    audit: publishedAudit(root),
    ...(audit !== undefined && { auditFolder: dirname(audit) }),
    claims: existsSync(file) ? readClaims(file) : undefined,
    nodes: publishedNodes(root),
    others: others.map((path) => ({ path, run: readRun(join(root, path)) })),
  };
}

/**
 * All that is rendered from a run and what stands beside it, by where it goes; `path` is where the run is, as RESULTS.md
 * would find it.
 */
function renderings(run: Run, path: string, beside: Beside = {}): Record<string, string> {
  const { audit, claims, auditFolder = '', others = [] } = beside;
  const folder = dirname(path);
  const judged = judgedBy(run, beside);
  const verdicts = Object.fromEntries(judged.map(({ claim, verdict }) => [claim.id, verdict]));
  const sections = {
    ...(audit && { safety: safetySection(audit) }),
    ...(claims && { claims: claimsSection(judged, claims) }),
    others: others.map((other) => ({ folder: dirname(other.path), command: other.run.command })),
  };
  const charts = chartsOf(run).map(({ file, svg }) => [join(folder, file), svg]);
  return {
    'RESULTS.md': renderResults(run, path, sections),
    [join(folder, 'report.html')]: renderHtml(run, 'run.json', audit && safetyMarkup(audit)),
    ...(audit && { [join(auditFolder, 'AUDIT.md')]: renderAudit(audit) }),
    ...(claims && { [join(folder, 'claims.json')]: `${JSON.stringify({ ...claims, verdicts }, null, 1)}\n` }),
    ...(Object.fromEntries(charts) as Record<string, string>),
  };
}

/**
 * All that is rendered at `root`, from what `results/published.json` names.
 * @throws PublishedError where that is missing or wrong
 */
export async function renderingsAt(root: string): Promise<Record<string, string>> {
  const published = publishedAt(root);
  const run = readRun(join(root, published.run));
  const beside = besideAt(root, published);
  const nodes = published.nodes === undefined ? undefined : dirname(published.nodes);
  const all = await loadStrategies();
  const strategies = all.filter(({ role }) => role === 'strategy');
  const tables = { results: verdictTable(run), advice: adviceTable(run, beside.audit, strategies, beside.nodes) };
  return {
    ...renderings(run, published.run, beside),
    ...readmesOf(all, root),
    'README.md': spliced(readFileSync(join(root, 'README.md'), 'utf8'), tables),
    ...(beside.nodes &&
      nodes !== undefined && {
        ...below(nodes, renderings(beside.nodes, 'run.json')),
        [join(nodes, 'SIMULATION.md')]: simulationReport(beside.nodes, strategies),
      }),
    ...Object.assign(
      {},
      ...(beside.others ?? []).map((other) => below(dirname(other.path), renderings(other.run, 'run.json'))),
    ),
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
export async function publish(run: Run, { folder, results, root, kind }: Places): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'run.json');
  writeRun(file, run);
  write(results, renderings(run, relative(results, file)));
  if (kind !== undefined) publishAs(root, kind, relative(root, file));
  // A folder without a README is none of this project's.
  if (kind !== undefined && existsSync(join(root, 'README.md'))) write(root, await renderingsAt(root));
  return join(results, 'RESULTS.md');
}

/** Writes each text to its path below `root`. */
export function write(root: string, texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(root, path), text);
}
