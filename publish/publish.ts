import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { profiles } from '../bench/model/profiles.ts';
import { type Run, writeRun } from '../bench/model/run-file.ts';
import { type Kind, publishAs, PublishedError } from './published.ts';
import { renderingsAt, renderingsBeside, write } from './renderings.ts';

/** The folder of runs that are not published. Git ignores it, so that a run changes no tracked file. */
export const LOCAL = join('results', 'local');

/** Writes RESULTS.md, report.html and the charts of a run beside its run.json in `folder`. Returns where report.html is. */
export function writePages(root: string, folder: string, run: Run): string {
  write(root, renderingsBeside(run, join(relative(root, folder), 'run.json'), root));
  return join(folder, 'report.html');
}

/**
 * Copies a run to where published runs are (`results/<profile>`, or `results/<suite>`), names it in
 * `results/published.json`, and renders RESULTS.md, README.md and all other pages anew. Returns the folder below `root`.
 *
 * @throws PublishedError where the run cannot be published
 */
export async function publishRun(root: string, run: Run): Promise<string> {
  const kind = kindOf(run);
  const folder = join('results', kind === 'others' ? run.narrowed.suite! : run.profile);
  mkdirSync(join(root, folder), { recursive: true });
  // Charts that this run does not have would stay behind.
  for (const name of readdirSync(join(root, folder))) if (name.endsWith('.svg')) rmSync(join(root, folder, name));
  writeRun(join(root, folder, 'run.json'), run);
  publishAs(root, kind, join(folder, 'run.json'));
  // A folder without a README is not this project.
  if (existsSync(join(root, 'README.md'))) write(root, await renderingsAt(root));
  return folder;
}

/** The facts that decide whether a run can be published. All but `complete` are known before it begins. */
type Told = Pick<Run, 'profile' | 'narrowed'> & Partial<Pick<Run, 'complete'>>;

/** As what a run is published. @throws PublishedError where it cannot be */
export function kindOf({ profile: id, narrowed, complete = true }: Told): Kind {
  const profile = profiles.find((one) => one.id === id);
  const why = !complete
    ? 'it is not complete; go on with it: npm run bench -- --resume'
    : narrowed.strategy !== null
      ? `it measured ${narrowed.strategy} alone; leave out --strategy`
      : profile === undefined
        ? `nobody knows its profile ${id}`
        : profile.claims
          ? undefined
          : `the profile ${id} only proves that everything runs; measure with quick or full`;
  if (why !== undefined) throw new PublishedError(`Cannot publish this run: ${why}`);
  return narrowed.suite !== null ? 'others' : profile!.beside ? 'nodes' : 'run';
}
