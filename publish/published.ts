import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type AuditReport, readAudit } from '../audits/engine/audit-file.ts';
import { readRun, type Run } from '../bench/model/run-file.ts';

/** Which recorded files stand in README.md and RESULTS.md. */
const PUBLISHED = 'results/published.json';

const path = z.string().regex(/^results\/[\w./-]+\.json$/);
const published = z.strictObject({
  /** The run that RESULTS.md and README's tables show. */
  run: path,
  audit: path.optional(),
  /** The run of several nodes. */
  nodes: path.optional(),
  /** Runs of single suites. Each has its pages in its own folder, and RESULTS.md links to them. */
  others: z.array(path).default([]),
});
export type Published = z.infer<typeof published>;

/** The message names the file and what to do. */
export class PublishedError extends Error {
  override readonly name = 'PublishedError';
}

/** The paths below `root` that `results/published.json` names. @throws PublishedError where it is missing or wrong */
export function publishedAt(root: string): Published {
  const file = join(root, PUBLISHED);
  if (!existsSync(file)) throw new PublishedError(`${PUBLISHED} is missing; write it with: npm run bench -- --publish`);
  const { data, error } = published.safeParse(jsonOf(readFileSync(file, 'utf8')));
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new PublishedError(`${PUBLISHED}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
}

/** As what a recorded file is published. */
export type Kind = 'run' | 'audit' | 'nodes' | 'others';

/** Names a recorded file in the place of the one of its kind; a run of a single suite joins the others. */
export function publishAs(root: string, kind: Kind, recorded: string): void {
  const known = existsSync(join(root, PUBLISHED)) ? publishedAt(root) : undefined;
  // Without a run there is no RESULTS.md that could show it.
  if (known === undefined && kind !== 'run') return;
  const others = [...new Set([...(known?.others ?? []), ...(kind === 'others' ? [recorded] : [])])].toSorted();
  const changed = { ...known, others, ...(kind !== 'others' && { [kind]: recorded }) };
  writeFileSync(join(root, PUBLISHED), `${JSON.stringify(published.parse(changed), null, 2)}\n`);
}

/**
 * The published run. A suite that was measured again alone, later, stands in the place of its earlier figures, with the
 * baseline that its ratios are formed with: costs are compared within one run. Of another profile it stands beside.
 */
export function publishedRun(root: string): Run {
  const named = publishedAt(root);
  const others = publishedOthers(root, named).map(({ run }) => run);
  return withNewer(readRun(join(root, named.run)), others);
}

/** The published runs of single suites, with where each is. */
export const publishedOthers = (root: string, { others }: Published): { readonly path: string; readonly run: Run }[] =>
  others.map((file) => ({ path: file, run: readRun(join(root, file)) }));

/** Whether the figures of a single suite stand in the place of those of an earlier whole run. */
export const replaces = (other: Run, whole: Run): boolean =>
  other.narrowed.suite !== null &&
  other.profile === whole.profile &&
  other.startedAt > whole.startedAt &&
  (other.cells.every(({ ratio }) => ratio === null) || other.cells.some(({ role }) => role === 'baseline')) &&
  whole.cells.some(({ suite }) => suite === other.narrowed.suite);

function withNewer(whole: Run, others: readonly Run[]): Run {
  const newer = others
    .filter((other) => replaces(other, whole))
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  return newer.reduce(
    (run, other) => ({
      ...run,
      entries: { ...run.entries, ...other.entries },
      timelines: other.timelines.length > 0 ? other.timelines : run.timelines,
      cells: [...run.cells.filter(({ suite }) => suite !== other.narrowed.suite), ...other.cells],
    }),
    whole,
  );
}

/** The published audit; undefined where there is none. */
export function publishedAudit(root: string): AuditReport | undefined {
  const { audit } = publishedAt(root);
  return audit === undefined ? undefined : readAudit(join(root, audit));
}

/** The published run of several nodes; undefined where there is none. */
export function publishedNodes(root: string): Run | undefined {
  const { nodes } = publishedAt(root);
  return nodes === undefined ? undefined : readRun(join(root, nodes));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
