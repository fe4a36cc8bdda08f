import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type * as cli from '../../audits/cli/targets.ts';
import { onNest11 } from '../../harness/processes/nest-11.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
// Typed by the source: the targets run compiled, each in a process of its own.
const path = new URL('../../dist/audits/cli/targets.js', import.meta.url).href;
const { isRight, scores, scoreTable } = (await import(path)) as typeof cli;

const { status } = spawnSync('npm', ['view', '@nestjs/core@11', 'version'], { timeout: 60_000 });
const hasRegistry = status === 0;
const why = hasRegistry ? '' : ' (skipped: the registry of npm cannot be reached)';

let folder: string;
beforeAll(async () => {
  if (!hasRegistry) return;
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  folder = await onNest11(root, join(root, 'dist/audits/targets'), 'targets', tell);
}, 300_000);

describe.skipIf(!hasRegistry)(`servers of the regression suite on Nest 11${why}`, { timeout: 300_000 }, () => {
  it('run on Nest 11', () => {
    const require = createRequire(join(folder, 'shared/nest.js'));
    expect(require('@nestjs/core/package.json')).toMatchObject({ version: expect.stringMatching(/^11\./) as string });
  });

  it('are told the truth about, as on Nest 12', async () => {
    const all = await scores('strangers/', false, undefined, folder);
    process.stdout.write(`${scoreTable(all)}\n`);
    expect(all.length).toBeGreaterThan(9);
    expect(all.filter((score) => !isRight(score) || score.isEnded).map(({ id }) => id)).toEqual([]);
  });

  it('are ended only with --destructive', async () => {
    const [score] = await scores('hook-throws', true, undefined, folder);
    expect(score).toMatchObject({ missed: [], wrong: [], untold: [], isEnded: true });
  });
});
