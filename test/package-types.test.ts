import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const readJson = (path: string) => JSON.parse(read(path)) as Record<string, unknown>;
const { files, dependencies } = readJson('package.json') as { files: string[]; dependencies: object };

const declarations = files
  .filter((folder) => folder.startsWith('dist/'))
  .flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  .filter((path) => path.endsWith('.d.ts'));

/** The packages whose types a user's compiler looks for. */
const named = new Set(
  declarations.flatMap((path) =>
    [...read(path).matchAll(/(?:\sfrom |import\()['"]((?:@[\w-]+\/)?[a-z][\w.-]*)/g)]
      .map(([, name = '']) => name)
      .filter((name) => existsSync(new URL(`node_modules/${name}/package.json`, root))),
  ),
);

function bringsTypes(name: string): boolean {
  const { types, typings, exports = {} } = readJson(`node_modules/${name}/package.json`);
  const besideIt = existsSync(new URL(`node_modules/${name}/index.d.ts`, root));
  return besideIt || (types ?? typings) !== undefined || JSON.stringify(exports).includes('.d.ts');
}

it('the types of every package that shipped types name come with it, or with this package', () => {
  expect([...named]).toEqual(expect.arrayContaining(['express-session', 'socket.io', 'zod']));
  const missing = [...named].filter((name) => !bringsTypes(name) && !Object.hasOwn(dependencies, `@types/${name}`));
  expect(missing).toEqual([]);
});
