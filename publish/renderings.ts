import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { AuditReport } from '../audits/engine/audit-file.ts';
import { renderAudit, safetySection } from '../audits/report/matrix.ts';
import { renderAuditHtml, safetyMarkup } from '../audits/report/matrix-html.ts';
import { verdictsOf } from '../claims/index.ts';
import { type ClaimsRecord, readClaims } from '../claims/record.ts';
import { claimsMarkup } from '../claims/render-html.ts';
import { CLAIMS, claimsSection, type Judged, renderClaims } from '../claims/render.ts';
import { adviceTable } from '../advise/table.ts';
import { chartsOf } from '../bench/pages/sections.ts';
import { renderHtml } from '../bench/pages/html/render-html.ts';
import { consequenceTable } from '../bench/pages/consequence-table.ts';
import { DETAILS, renderDetails } from '../bench/pages/details.ts';
import { whatToPick } from '../bench/pages/pick.ts';
import { hasDetails, pictured, renderResults } from '../bench/pages/results.ts';
import type { Row } from '../bench/report/rows.ts';
import { connectionTimelines } from '../bench/report/charts/connection-timelines.ts';
import { type Run, runJsonSchema } from '../bench/model/run-file.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { simulationReport } from '../simulate/report.ts';
import {
  type Published,
  publishedAt,
  publishedAudit,
  publishedNodes,
  publishedOthers,
  publishedRun,
  replaces,
} from './published.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { auditedEnds } from './audited-ends.ts';
import { deviationList } from './deviation-list.ts';
import { rebased } from './links.ts';
import { spliced, wordsOf } from './splice.ts';
import { surprises } from './surprises.ts';

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
  /** The peers that README names. */
  readonly peers?: readonly string[];
  /** The path of the page of the run of several nodes. */
  readonly nodesPage?: string;
}

/** Every claim, by what is recorded at `root`; none where no experiment was. */
export function judgedAt(root: string): Judged {
  const published = publishedAt(root);
  return judgedBy(publishedRun(root), besideAt(root, published));
}

const judgedBy = (run: Run, { audit, claims, nodes }: Beside): Judged =>
  claims === undefined ? [] : verdictsOf({ ...claims, run, audit, nodes });

function besideAt(root: string, named: Published): Beside {
  const { run, audit, nodes } = named;
  const file = join(root, dirname(run), 'claims.json');
  return {
    audit: publishedAudit(root),
    ...(audit !== undefined && { auditFolder: dirname(audit) }),
    claims: existsSync(file) ? readClaims(file) : undefined,
    nodes: publishedNodes(root),
    ...(nodes !== undefined && { nodesPage: posix.join(dirname(nodes), 'RESULTS.md') }),
    others: publishedOthers(root, named),
    peers: wordsOf(readFileSync(join(root, 'README.md'), 'utf8'), 'peers'),
  };
}

/**
 * All that is rendered from a run and what stands beside it, by where it goes below the repository's root. `path` is where
 * the run is, from there too.
 */
function renderings(run: Run, path: string, beside: Beside = {}): Record<string, string> {
  const { audit, claims, auditFolder = '', nodes, nodesPage, others = [], peers } = beside;
  const folder = dirname(path);
  const judged = judgedBy(run, beside);
  const verdicts = Object.fromEntries(judged.map(({ claim, verdict }) => [claim.id, verdict]));
  const sections = {
    safety: audit && safetySection(audit, posix.join(auditFolder, 'AUDIT.md')),
    claims: claims && claimsSection(judged, posix.join(folder, CLAIMS)),
    auditedEnd: auditedEnds(audit),
    nodes: nodes && nodesPage !== undefined ? { run: nodes, page: nodesPage } : undefined,
    others: others.map((other) => ({
      folder: dirname(other.path),
      command: other.run.command,
      isShownHere: replaces(other.run, run),
    })),
  };
  const charts = chartsOf(run).map(({ file, svg }) => [join(folder, file), svg]);
  return {
    'RESULTS.md': renderResults(run, path, sections),
    ...(hasDetails(run) && { [join(folder, DETAILS)]: renderDetails(run) }),
    [join(folder, 'report.html')]: renderHtml(run, 'run.json', {
      safety: audit && safetyMarkup(audit),
      auditedEnd: sections.auditedEnd,
      isPictured: peers && isPicturedWith(peers),
      claims: claims && claimsMarkup(judged),
      nodes,
    }),
    ...(audit && {
      [join(auditFolder, 'AUDIT.md')]: renderAudit(audit),
      [join(auditFolder, 'AUDIT.html')]: renderAuditHtml(audit),
    }),
    ...(claims && { [join(folder, 'claims.json')]: `${JSON.stringify({ ...claims, verdicts }, null, 1)}\n` }),
    ...(claims && {
      [join(folder, CLAIMS)]: renderClaims(judged, claims, `${posix.relative(folder, '.') || '.'}/`),
    }),
    ...(Object.fromEntries(charts) as Record<string, string>),
  };
}

/** The same for a run whose RESULTS.md stands in its own folder, with links that work from there. */
export function renderingsBeside(run: Run, path: string, root: string): Record<string, string> {
  const folder = dirname(path);
  const { 'RESULTS.md': results = '', ...others } = renderings(run, path);
  return { ...others, [join(folder, 'RESULTS.md')]: rebased(results, join(root, folder), root) };
}

/**
 * All that is rendered at `root`, from what `results/published.json` names.
 * @throws PublishedError where that is missing or wrong
 */
export async function renderingsAt(root: string): Promise<Record<string, string>> {
  const published = publishedAt(root);
  const run = publishedRun(root);
  const beside = besideAt(root, published);
  const nodes = published.nodes === undefined ? undefined : dirname(published.nodes);
  const all = await loadStrategies();
  const strategies = all.filter(({ role }) => role === 'strategy');
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const short = connectionTimelines(run, isPicturedWith(beside.peers ?? []));
  return {
    ...renderings(run, published.run, beside),
    ...readmesOf(all, root),
    ...(short && { [join(dirname(published.run), SHORT)]: short.svg }),
    'README.md': spliced(readme, {
      ...readmeParts(run, beside, strategies),
      picture: pictured(short, `${dirname(published.run)}/`, SHORT).join('\n\n'),
    }),
    ...(beside.nodes &&
      nodes !== undefined && {
        ...renderingsBeside(beside.nodes, join(nodes, 'run.json'), root),
        [join(nodes, 'SIMULATION.md')]: simulationReport(beside.nodes, strategies),
      }),
    ...Object.assign({}, ...(beside.others ?? []).map(({ run: other, path }) => renderingsBeside(other, path, root))),
    'results/run.schema.json': `${JSON.stringify(runJsonSchema(), null, 2)}\n`,
  };
}

/** README's picture: it has the entries that one would pick, and the peers of its table. */
const SHORT = 'timeline-short.svg';
const isPicturedWith =
  (peers: readonly string[]) =>
  ({ variant, strategy }: Pick<Row, 'variant' | 'strategy'>): boolean =>
    variant === 'hardened' || peers.includes(strategy);

/** The parts of README.md that are rendered from the published run, by the names of their markers. */
function readmeParts(
  run: Run,
  { audit, nodes, claims, others = [], peers }: Beside,
  strategies: readonly Strategy[],
): Record<string, string> {
  const asked = { auditedEnd: auditedEnds(audit), nodes, peers };
  return {
    consequences: consequenceTable(run, asked),
    pick: whatToPick(run, asked),
    surprises: surprises({ run, others: others.map((other) => other.run), claims }),
    advice: adviceTable(run, audit, strategies, nodes),
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
