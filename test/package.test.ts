import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installed as unpacked, pack } from './support/packed.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

const MOST_PACKED = 120_000;
/** In bytes, minified and compressed by gzip, without socket.io-client: `AuthSocket` alone, and with the largest client half. */
const MOST_OF_SOCKET = 4096;
const MOST_WITH_CLIENT = 5700;

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly typesVersions: { readonly '*': Readonly<Record<string, readonly string[]>> };
}

let folder: string;
let tarball: string;
let auditTarball: string;
let installed: string;
let installedAudit: string;
let manifest: Manifest;
/** Every subpath, with an entry for each strategy in the place of a `*`. */
let subpaths: string[];

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(path, name)).isFile());
const read = (name: string): string => readFileSync(join(installed, name), 'utf8');

beforeAll(async () => {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  folder = mkdtempSync(join(root, '.tmp', 'package-'));
  // A package of its own, in which the name of this repository's package means the installed one.
  writeFileSync(join(folder, 'package.json'), '{ "name": "app" }');
  const { kit, audit } = await pack(folder);
  tarball = kit;
  auditTarball = audit;
  installed = await unpacked(kit, join(folder, 'node_modules/nest-ws-auth-lab'));
  installedAudit = await unpacked(audit, join(folder, 'node_modules/nest-ws-audit'));
  manifest = JSON.parse(read('package.json')) as Manifest;
  const strategies = readdirSync(join(installed, 'lib/strategies')).filter((name) =>
    statSync(join(installed, 'lib/strategies', name)).isDirectory(),
  );
  subpaths = Object.keys(manifest.exports)
    .map((name) => name.slice(2))
    .filter((name) => name !== 'package.json')
    .flatMap((name) =>
      name.includes('*') ? strategies.filter((id) => id !== 'shared').map((id) => name.replace('*', id)) : [name],
    );
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

describe('the packed package', () => {
  it('is at most 120 KB, and holds the kit alone', () => {
    const size = statSync(tarball).size;
    expect(size).toBeLessThanOrEqual(MOST_PACKED);
    const outside = filesIn(installed).filter((name) => !name.startsWith('lib/'));
    expect(outside.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
    const inside = filesIn(join(installed, 'lib'));
    expect(inside.filter((name) => /\.(?:cjs|js|d\.cts|d\.ts)$|^THIRD-PARTY\.txt$/.exec(name) === null)).toEqual([]);
    expect(inside.filter((name) => /(?:^|\/)(?:_|harness|bench|test)|\.test\.|\.map$/.test(name))).toEqual([]);
    const code = inside.map((name) => read(join('lib', name))).join('\n');
    for (const lab of ['Scenario', '_no-auth', '_template', 'sourceMappingURL', root])
      expect(code.includes(lab) && lab).toBe(false);
  });

  it('names in README.md everything that it exports', () => {
    const shown = subpaths.map((name) => name.replace(/^strategies\/[^/]+/, 'strategies/<id>'));
    expect([...new Set(shown)].filter((name) => !read('README.md').includes(`| \`${name}\` `))).toEqual([]);
  });

  it('has no finding of publint', async () => {
    const { messages } = await publint({ pkgDir: installed, strict: true, pack: false });
    expect(messages.map((message) => formatMessage(message, manifest as never))).toEqual([]);
  });

  it('has types that every resolution of TypeScript finds', { timeout: 120_000 }, async () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const args = [attw, tarball, '--format', 'ascii', '--include-entrypoints', ...subpaths];
    const { stdout } = await run(process.execPath, args).catch(({ stdout: found }: { stdout: string }) => {
      throw new Error(found);
    });
    for (const name of subpaths) expect(stdout).toContain(`nest-ws-auth-lab/${name}"`);
  });

  it('finds the types without `exports`, as TypeScript does for Nest 10', () => {
    const names = Object.keys(manifest.exports).filter((name) => name !== './package.json');
    expect(Object.keys(manifest.typesVersions['*']).map((name) => `./${name}`)).toEqual(names);
  });

  it('has each class once, in every entry and for import and require', { timeout: 30_000 }, async () => {
    const require = createRequire(join(folder, 'app.js'));
    for (const name of subpaths) {
      const required = require(`nest-ws-auth-lab/${name}`) as Record<string, unknown>;
      const file = require.resolve(`nest-ws-auth-lab/${name}`).replace(/\.cjs$/, '.js');
      const imported = (await import(file)) as Record<string, unknown>;
      expect(Object.keys(imported).toSorted()).toEqual(
        Object.keys(required)
          .filter((key) => key !== '_default')
          .toSorted(),
      );
      for (const [key, value] of Object.entries(imported))
        expect(value === required[key] || `${name} ${key}`).toBe(true);
    }
  });
});

describe('the packed audit', () => {
  it('holds nothing of the kit or the lab', () => {
    const code = filesIn(join(installedAudit, 'lib')).map((name) =>
      readFileSync(join(installedAudit, 'lib', name), 'utf8'),
    );
    // The look at the source knows the names of Nest's packages, and loads none.
    expect(code.filter((text) => /(?:\brequire\(|\bimport\(|\bfrom\s*)["'`]@nestjs/.test(text))).toEqual([]);
    for (const other of ['Scenario', 'sourceMappingURL', root])
      expect(code.some((text) => text.includes(`'${other}`) || text.includes(`"${other}`)) && other).toBe(false);
  });

  it('has no finding of publint and attw', { timeout: 120_000 }, async () => {
    const { messages } = await publint({ pkgDir: installedAudit, strict: true, pack: false });
    const own = JSON.parse(readFileSync(join(installedAudit, 'package.json'), 'utf8')) as never;
    expect(messages.map((message) => formatMessage(message, own))).toEqual([]);
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const args = [attw, auditTarball, '--format', 'ascii', '--exclude-entrypoints', 'ws-audit.schema.json'];
    await run(process.execPath, args).catch(({ stdout: found }: { stdout: string }) => {
      throw new Error(found);
    });
  });

  it('has a command that says how it is called', async () => {
    const bin = join(installedAudit, 'lib/scripts/bin/nest-ws-audit.cjs');
    const { stdout } = await run(process.execPath, [bin, '--help']);
    expect(stdout).toMatch(/^Usage: npx nest-ws-audit /);
    expect(readFileSync(bin, 'utf8').startsWith('#!/usr/bin/env node\n')).toBe(true);
    const wrong = run(process.execPath, [bin, '--ur', 'x']);
    await expect(wrong).rejects.toMatchObject({ code: 2, stderr: "Unknown option '--ur'. Did you mean --url?\n" });
  });
});

describe('the packed command', () => {
  const fileOf = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const told = (...args: string[]) =>
    run(process.execPath, [join(installedAudit, 'lib/scripts/bin/nest-ws-audit.cjs'), ...args], { cwd: folder }).catch(
      (failed: { stdout: string; stderr: string }) => failed,
    );

  it('reads sources', { timeout: 30_000 }, async () => {
    mkdirSync(join(folder, 'src'));
    fileOf(
      'src/chat.gateway.ts',
      `import { WebSocketGateway } from '@nestjs/websockets';
@WebSocketGateway()
export class ChatGateway {
  handleConnection() {
    throw new Error('no');
  }
}`,
    );
    expect((await told('--source', 'src')).stdout).toMatch(/uncaught-in-hook[^]+src\/chat\.gateway\.ts:5:5\n/);
  });

  it('loads a module of hooks', { timeout: 30_000 }, async () => {
    const hooks = fileOf('hooks.mjs', `throw new TypeError('the hooks were loaded');`);
    const { stderr } = await told('--url', 'http://127.0.0.1:1', '--hooks', hooks);
    expect(stderr).toContain('the hooks were loaded');
  });
});

describe('a client half in a browser', () => {
  /** The bytes of what a bundler makes of an application that imports these names, and what it imports itself. */
  async function bundled(names: Readonly<Record<string, string>>) {
    const lines = Object.entries(names).map(([path, name]) => `export { ${name} } from 'nest-ws-auth-lab/${path}';`);
    const entry = join(folder, `${Object.keys(names).join('-').replaceAll('/', '-')}.js`);
    writeFileSync(entry, lines.join('\n'));
    const bundler = await rolldown({ input: entry, platform: 'browser', external: ['socket.io-client'] });
    const { output } = await bundler.generate({ format: 'esm', minify: true });
    await bundler.close();
    return { bytes: gzipSync(output[0].code, { level: 9 }).length, imports: output[0].imports };
  }

  it('is small beside socket.io-client, and needs nothing else', { timeout: 30_000 }, async () => {
    const alone = await bundled({ 'auth-socket': 'AuthSocket' });
    expect(alone.bytes).toBeLessThanOrEqual(MOST_OF_SOCKET);
    const clients = subpaths.filter((name) => name.endsWith('/client') || name === 'token-client');
    expect(clients.length).toBeGreaterThan(4);
    for (const client of clients) {
      const name = client === 'token-client' ? 'createTokenClient' : 'createClient';
      const { bytes, imports } = await bundled({ 'auth-socket': 'AuthSocket', [client]: name });
      expect({ client, imports }).toEqual({ client, imports: ['socket.io-client'] });
      expect(bytes).toBeLessThanOrEqual(MOST_WITH_CLIENT);
    }
  });

  it('has types that need no package but socket.io-client', async () => {
    const tsconfig = {
      compilerOptions: {
        module: 'esnext',
        moduleResolution: 'bundler',
        strict: true,
        noEmit: true,
        types: [],
        lib: ['es2023', 'dom'],
      },
    };
    const app = join(folder, 'page');
    mkdirSync(join(app, 'node_modules'), { recursive: true });
    for (const name of ['socket.io-client', 'engine.io-client', 'engine.io-parser', 'socket.io-parser', '@socket.io'])
      symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
    symlinkSync(installed, join(app, 'node_modules/nest-ws-auth-lab'));
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ ...tsconfig, files: ['page.ts'] }));
    const names = subpaths.filter((name) => /client$|^auth-socket$/.test(name));
    writeFileSync(join(app, 'page.ts'), names.map((name) => `import 'nest-ws-auth-lab/${name}';`).join('\n'));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '--preserveSymlinks'], { cwd: app }).catch(
      (failed: { stdout: string }) => failed,
    );
    expect(stdout).toBe('');
  });
});
