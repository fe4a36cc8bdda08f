import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installPacked } from './support/packed.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

/** The most lines that the wiring of the package may take in an application. */
const most: Readonly<Record<string, number>> = { 'own-login': 15, oidc: 15, 'passport-session': 10 };

/** `clients` has scripts that use no package of this repository. */
const isApplication = (name: string) => existsSync(join(root, 'examples', name, 'package.json'));
const applications = readdirSync(join(root, 'examples')).filter(isApplication).toSorted();
/** An application with a page is tested by a file of its own, in a browser. */
const hasPage = (name: string) => existsSync(join(root, 'examples', name, 'index.html'));
const examples = applications.filter((name) => !hasPage(name));

/** The output of a command that failed; empty if it succeeded. */
const failureOf = (command: Promise<unknown>): Promise<string> =>
  command.then(
    () => '',
    ({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }) => stdout + stderr || 'failed without a word',
  );

/** Lines that import the package, call it, or are inside such a call. Code that ends a user's connections does not count. */
function wiringOf(example: string): string[] {
  const folder = join(root, 'examples', example, 'src');
  return readdirSync(folder).flatMap((name) => {
    const lines: string[] = [];
    let inside: string | undefined;
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      const [indent = ''] = /^ */.exec(line) ?? [];
      if (/^ *WsAuthModule\./.test(line)) inside = indent;
      const isWiring = /'nest-ws-auth-lab\//.test(line) && !/import type|WsAuthService|http-auth-guard/.test(line);
      if (inside !== undefined || isWiring || line.includes('new AuthAdapter')) lines.push(line);
      if (inside === indent && /^ *\}\)/.test(line)) inside = undefined;
    }
    return lines;
  });
}

let tree: string;

beforeAll(async () => {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  tree = mkdtempSync(join(root, '.tmp', 'examples-'));
  // This also copies the packages that npm installed for one example alone. The other packages are found in the root.
  const own = (source: string) => !/\/dist(?:\/|$)/.test(source.slice(root.length));
  cpSync(join(root, 'examples'), tree, { recursive: true, filter: own });
  await installPacked(tree);
}, 60_000);

afterAll(() => rmSync(tree, { recursive: true }));

it.each(applications.filter(hasPage))('the example %s has a test in a browser', (example) => {
  expect(existsSync(join(root, `test/${example}.browser.test.ts`))).toBe(true);
});

describe.each(examples)('the example %s', (example) => {
  it('passes its own tests with the package as it is packed', { timeout: 120_000 }, async () => {
    const folder = join(tree, example);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    expect(await failureOf(run(process.execPath, [tsc], { cwd: folder }))).toBe('');
    expect(await failureOf(run(process.execPath, ['--test', 'dist/test/app.e2e.js'], { cwd: folder }))).toBe('');
  });

  it.runIf(Object.hasOwn(most, example))('needs few lines of wiring in the application', () => {
    const lines = wiringOf(example);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.slice(most[example])).toEqual([]);
  });
});
