import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, it, onTestFinished } from 'vitest';
import { copyTemplate } from '../scripts/copy-template.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { say, Scenario } from '../harness/scenario.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * A second source tree inside the first, where node_modules is found and nobody else looks. The registry is a copy,
 * since it looks for folders beside itself; what strategies share is the one that the gateways know.
 */
function sourceTree(): string {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const tree = mkdtempSync(join(root, '.tmp', 'new-strategy-'));
  onTestFinished(() => rmSync(tree, { recursive: true }));
  mkdirSync(join(tree, 'strategies'));
  for (const name of ['tsconfig.json', 'strategies/registry.ts', 'strategies/_template']) {
    cpSync(join(root, name), join(tree, name), { recursive: true });
  }
  for (const name of ['strategies/shared', 'strategies/strategy.ts']) symlinkSync(join(root, name), join(tree, name));
  return tree;
}

const filesOf = (folder: string): string[] => readdirSync(folder).toSorted();
const allOf = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

describe('a new strategy', () => {
  it('has every file of the template, under its own name', ({ expect }) => {
    const tree = sourceTree();
    const written = copyTemplate(tree, 'try-me');
    const expected = filesOf(join(tree, 'strategies/_template')).map((name) => name.replace('_template', 'try-me'));
    expect(filesOf(join(tree, 'strategies/try-me'))).toEqual(expected.toSorted());
    expect(written.toSorted()).toEqual(expected.toSorted());
  });

  it('names the template nowhere', ({ expect }) => {
    const tree = sourceTree();
    const sources = copyTemplate(tree, 'try-me').map((name) =>
      readFileSync(join(tree, 'strategies/try-me', name), 'utf8'),
    );
    expect(sources.join('\n')).not.toMatch(/template/i);
    expect(sources.join('\n')).toContain('class TryMeAuthenticator');
  });

  it('is found by its folder, and lets in who signed in and nobody else', async ({ expect }) => {
    const tree = sourceTree();
    copyTemplate(tree, 'try-me');
    const registry = (await import(pathToFileURL(join(tree, 'strategies/registry.ts')).href)) as {
      loadStrategies(): Promise<Strategy[]>;
    };
    const strategies = await registry.loadStrategies();
    expect(strategies.map(({ id, role, title }) => [id, role, title])).toEqual([
      ['_template', 'template', 'Template'],
      ['try-me', 'strategy', 'Try me'],
    ]);
    const scenario = await Scenario.start(strategies[1]!, 'hardened');
    onTestFinished(() => scenario.dispose());
    const user = await scenario.user();
    const socket = await scenario.connect(await scenario.signedIn(user));
    expect(await say(socket)).toMatchObject({ from: user.subject });
    await expect(scenario.connect(scenario.client())).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describe('an id that is refused', () => {
  const refusals = {
    'is missing': [undefined, 'without an id'],
    'is empty': ['', 'without an id'],
    'is not in kebab-case': ['TryMe', 'kebab-case'],
    'begins with an underscore': ['_try-me', 'kebab-case'],
    'begins with a digit': ['2fa', 'kebab-case'],
    'leaves the folder': ['../try-me', 'kebab-case'],
    'ends with a hyphen': ['try-', 'kebab-case'],
    'is too long': ['a'.repeat(21), 'at most 20 characters'],
    'is the shared folder': ['shared', 'there already'],
    'would take the name of a Nest class': ['dynamic', 'DynamicModule is taken'],
  } as const;

  it.for(Object.entries(refusals))('%s: costs nothing', ([, [id, reason]], { expect }) => {
    const tree = sourceTree();
    const before = allOf(tree);
    expect(() => copyTemplate(tree, id)).toThrow(reason);
    expect(allOf(tree)).toEqual(before);
  });

  it('is taken: the strategy that has it stays as it is', ({ expect }) => {
    const tree = sourceTree();
    const client = join(tree, 'strategies/try-me/client.ts');
    copyTemplate(tree, 'try-me');
    writeFileSync(client, '// Mine');
    expect(() => copyTemplate(tree, 'try-me')).toThrow('strategies/try-me is there already');
    expect(readFileSync(client, 'utf8')).toBe('// Mine');
  });

  it('makes the command exit with 2, without a stack trace', ({ expect }) => {
    const script = join(root, 'dist/scripts/new-strategy.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'TryMe'], { cwd: root, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^Cannot add a strategy as 'TryMe': .*\n$/);
  });
});
