import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type AuditReport, parseReport } from '../audits/outcome.ts';
import { renderAudit, safetySection } from '../audits/report/matrix.ts';
import { safetyMarkup } from '../audits/report/matrix-html.ts';
import { chartsOf } from '../bench/report/charts/charts-of.ts';
import { renderHtml } from '../bench/report/html/render-html.ts';
import { renderResults } from '../bench/report/results.ts';
import { readRun, type Run, runJsonSchema, writeRun } from '../bench/run-file.ts';
import { UsageError } from './command.ts';
import { spliced, spliceReadme } from './splice.ts';

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
function publishedAudit(root: string): AuditReport | undefined {
  const file = join(root, AUDIT);
  return existsSync(file) ? parseReport(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/**
 * All that is rendered from a run and an audit, by where it goes; `path` is where the run is, as RESULTS.md would find
 * it.
 */
export function renderings(run: Run, path: string, audit: AuditReport | undefined): Record<string, string> {
  const folder = dirname(path);
  const charts = chartsOf(run).map(({ file, svg }) => [join(folder, file), svg]);
  return {
    'RESULTS.md': renderResults(run, path, audit && safetySection(audit)),
    [join(folder, 'report.html')]: renderHtml(run, 'run.json', audit && safetyMarkup(audit)),
    ...(audit && { [join(dirname(AUDIT), 'AUDIT.md')]: renderAudit(audit) }),
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

/** All that is rendered at `root`, from the run that RESULTS.md names and the audit beside it. @throws UsageError where there is none */
export function renderingsAt(root: string): Record<string, string> {
  const source = publishedRun(root);
  const run = readRun(join(root, source));
  const readme = join(root, 'README.md');
  return {
    ...renderings(run, source, publishedAudit(root)),
    ...(existsSync(readme) && { 'README.md': spliced(readFileSync(readme, 'utf8'), run) }),
    'results/run.schema.json': `${JSON.stringify(runJsonSchema(), null, 2)}\n`,
  };
}

/** Writes a run with all that is rendered from it; answers where RESULTS.md is. */
export function publish(run: Run, { folder, results, root }: Places): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'run.json');
  writeRun(file, run);
  const resultsFile = join(results, 'RESULTS.md');
  for (const [path, text] of Object.entries(
    renderings(run, relative(results, file), results === root ? publishedAudit(root) : undefined),
  )) {
    writeFileSync(join(results, path), text);
  }
  if (results === root) spliceReadme(root, run);
  return resultsFile;
}
