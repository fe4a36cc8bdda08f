import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installPacked } from './support/packed.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
/** The packages of a Nest application before its author reads README. */
const INSTALLED = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs'];

let folder: string;

beforeAll(async () => {
  // Not in this repository, whose packages the application would find.
  folder = mkdtempSync(join(tmpdir(), 'missing-'));
  await installPacked(folder);
  mkdirSync(join(folder, 'node_modules/@nestjs'));
  for (const name of INSTALLED) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

/** The text that Node writes if an application cannot load a module. */
const failureOf = (code: string): Promise<string> =>
  new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder }, (_, __, stderr) =>
      resolve(stderr),
    );
  });

it.each([
  ['redis', 'redis', ''],
  ['metrics', 'prom-client', ''],
  ['strategies/session', 'express-session', ''],
  ['gateways', '@nestjs/platform-socket.io', '@12'],
])(
  'without the package that %s needs, an application is told in one sentence how to install it',
  { timeout: 60_000 },
  async (...row) => {
    const [subpath, name, version] = row;
    const wanted = `ConfigurationError: ${name} is not installed: npm install ${name}${version}`;
    const path = `nest-ws-auth-lab/${subpath}`;
    const require = `createRequire(process.cwd() + '/')('${path}')`;
    for (const code of [`import '${path}';`, `import { createRequire } from 'node:module'; ${require};`]) {
      const told = await failureOf(code);
      expect(told).toContain(wanted);
      expect(told).not.toMatch(/Cannot find module|MODULE_NOT_FOUND|^ +at /m);
      expect(Math.max(...told.split('\n').map(({ length }) => length))).toBeLessThan(200);
    }
  },
);
