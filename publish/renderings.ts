import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
import { readRun, type Run, runJsonSchema } from '../bench/model/run-file.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { simulationReport } from '../simulate/report.ts';
import { type Published, publishedAt, publishedAudit, publishedNodes } from './published.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { deviationList } from './deviation-list.ts';
import { rebased } from './links.ts';
import { spliced } from './splice.ts';

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
 * All that is rendered from a run and what stands beside it, by where it goes below the repository's root. `path` is where
 * the run is, from there too.
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

/** The same for a run whose RESULTS.md stands in its own folder, with links that work from there. */
export function renderingsBeside(run: Run, path: string): Record<string, string> {
  const folder = dirname(path);
  const { 'RESULTS.md': results = '', ...others } = renderings(run, path);
  return { ...others, [join(folder, 'RESULTS.md')]: rebased(results, folder) };
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
  const tables = { results: verdictTable(run), advice: adviceTable(run, beside.audit, strategies) };
  return {
    ...renderings(run, published.run, beside),
    ...readmesOf(all, root),
    'README.md': spliced(readFileSync(join(root, 'README.md'), 'utf8'), tables),
    ...(beside.nodes &&
      nodes !== undefined && {
        ...renderingsBeside(beside.nodes, join(nodes, 'run.json')),
        [join(nodes, 'SIMULATION.md')]: simulationReport(beside.nodes, strategies),
      }),
    ...Object.assign({}, ...(beside.others ?? []).map(({ run: other, path }) => renderingsBeside(other, path))),
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

/** Writes each text to its path below `root`. */
export function write(root: string, texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(root, path), text);
}
