import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, it, onTestFinished } from 'vitest';
import { copyTemplate, templatesIn } from '../scripts/copy-template.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { say, Scenario } from '../harness/app/scenario.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const templates = templatesIn(root);

/**
 * A second source tree inside the first, where node_modules is found and nobody else looks. The registry is a copy,
 * since it looks for folders beside itself; what strategies share is the one that the gateways know.
 */
function sourceTree(): string {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const tree = mkdtempSync(join(root, '.tmp', 'new-strategy-'));
  onTestFinished(() => rmSync(tree, { recursive: true }));
  mkdirSync(join(tree, 'strategies'));
  const copied = templates.map((name) => `strategies/_template-${name}`);
  for (const name of ['tsconfig.json', 'strategies/registry.ts', ...copied]) {
    cpSync(join(root, name), join(tree, name), { recursive: true });
  }
  for (const name of ['strategies/shared', 'strategies/strategy.ts']) symlinkSync(join(root, name), join(tree, name));
  return tree;
}

const filesOf = (folder: string): string[] => readdirSync(folder).toSorted();
const allOf = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

it('a template is found by its folder', ({ expect }) => {
  expect(templates).toEqual(expect.arrayContaining(['jwt', 'opaque']));
});

describe.each(templates)('a new strategy from the template %s', (from) => {
  const template = `_template-${from}`;

  it('has every file of the template, under its own name', ({ expect }) => {
    const tree = sourceTree();
    const written = copyTemplate(tree, 'try-me', from);
    const expected = filesOf(join(tree, 'strategies', template)).map((name) => name.replace(template, 'try-me'));
    expect(filesOf(join(tree, 'strategies/try-me'))).toEqual(expected.toSorted());
    expect(written.toSorted()).toEqual(expected.toSorted());
  });

  it('names the template nowhere', ({ expect }) => {
    const tree = sourceTree();
    const sources = copyTemplate(tree, 'try-me', from).map((name) =>
      readFileSync(join(tree, 'strategies/try-me', name), 'utf8'),
    );
    expect(sources.join('\n')).not.toMatch(/template/i);
    expect(sources.join('\n')).toContain('class TryMeAuthenticator');
  });

  it.for(['x', 'try-me', 'abcdefghijklmnopqrst'])('needs no formatting as %s', (id, { expect }) => {
    const tree = sourceTree();
    copyTemplate(tree, id, from);
    // Git ignores the tree, and so does the formatter.
    const elsewhere = mkdtempSync(join(tmpdir(), 'formatted-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    cpSync(join(tree, 'strategies', id), elsewhere, { recursive: true });
    cpSync(join(root, '.oxfmtrc.json'), join(elsewhere, '.oxfmtrc.json'));
    const oxfmt = join(root, 'node_modules/.bin/oxfmt');
    const { status, stdout } = spawnSync(oxfmt, ['--check', '.'], { cwd: elsewhere, encoding: 'utf8' });
    expect(stdout).toContain('All matched files use the correct format');
    expect(status).toBe(0);
  });

  it('is found by its folder, and lets in who signed in and nobody else', async ({ expect }) => {
    const tree = sourceTree();
    copyTemplate(tree, 'try-me', from);
    const registry = (await import(pathToFileURL(join(tree, 'strategies/registry.ts')).href)) as {
      loadStrategies(): Promise<Strategy[]>;
    };
    const strategies = await registry.loadStrategies();
    expect(strategies.filter(({ role }) => role === 'template')).toHaveLength(templates.length);
    const [own, ...others] = strategies.filter(({ role }) => role === 'strategy');
    expect(own).toMatchObject({ id: 'try-me', title: 'Try me' });
    expect(others).toEqual([]);
    const scenario = await Scenario.start(own!, 'hardened');
    onTestFinished(() => scenario.dispose());
    const user = await scenario.user();
    const socket = await scenario.connect(await scenario.signedIn(user));
    expect(await say(socket)).toMatchObject({ from: user.subject });
    await expect(scenario.connect(scenario.client())).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

it('starts from a JWT unless it is told otherwise', ({ expect }) => {
  const tree = sourceTree();
  copyTemplate(tree, 'try-me');
  copyTemplate(tree, 'try-jwt', 'jwt');
  const indexOf = (id: string) => readFileSync(join(tree, 'strategies', id, 'index.ts'), 'utf8');
  expect(indexOf('try-me')).toBe(
    indexOf('try-jwt').replaceAll('try-jwt', 'try-me').replaceAll('TryJwt', 'TryMe').replace('Try jwt', 'Try me'),
  );
});

it('a template that is not there costs nothing', ({ expect }) => {
  const tree = sourceTree();
  const before = allOf(tree);
  expect(() => copyTemplate(tree, 'try-me', '../session')).toThrow("No template '../session'. There are: jwt, opaque");
  expect(allOf(tree)).toEqual(before);
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
