import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsOf } from '../support/readme.ts';
import { type App, apps, endpoints, messages, writeApp } from './apps.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** npm as it is called here: from the cache where it can, and silent about other matters. */
const quiet = { npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false' };
const env = { ...process.env, ...quiet, PORT: '0', WS_AUTH_SECRET: 'a secret of a test, which is long enough' };

/** The most that a token app on one node may have to install besides Nest's WebSocket packages. */
const MOST_PACKAGES = 12;
const MOST_BYTES = 5_000_000;

let folder: string;
const pathOf = (app: App) => join(folder, `nest-${app.nest}`);
const node24 = () => join(folder, 'node-24/node_modules/node-24/bin/node');

/** The commands that README gives for the application. */
const [pack, ...installs] = commandsOf('## Use it in your app').filter((line) => line !== 'npm ci');

async function sh(command: string, cwd: string): Promise<string> {
  const ended = run('bash', ['-c', command], { cwd, env });
  const { stdout, stderr } = await ended.catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${command} failed:\n${error.stdout}${error.stderr}`);
  });
  return stdout + stderr;
}

/** Installed packages, and the bytes of their files. */
function sizeOf(app: App): { readonly packages: number; readonly bytes: number } {
  const { packages } = JSON.parse(readFileSync(join(pathOf(app), 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: object;
  };
  const { stdout } = spawnSync('du', ['-sb', '--apparent-size', 'node_modules'], {
    cwd: pathOf(app),
    encoding: 'utf8',
  });
  return { packages: Object.keys(packages).length, bytes: Number.parseInt(stdout, 10) };
}

/** Whether npm can be asked for packages that the lock file does not have. */
const { status } = spawnSync('npm', ['view', '@nestjs/common@10', 'version'], { timeout: 60_000 });
const hasRegistry = status === 0;
const why = hasRegistry ? '' : ' (skipped: the registry of npm cannot be reached)';

beforeAll(async () => {
  if (!hasRegistry) return;
  // Not in this repository, whose packages and settings the applications would find.
  folder = mkdtempSync(join(tmpdir(), 'installs-'));
  const clone = join(folder, 'nest-ws-auth-lab');
  mkdirSync(clone);
  await sh(`${pack} --pack-destination ${clone}`, root);
  const node = join(folder, 'node-24');
  mkdirSync(node);
  writeFileSync(join(node, 'package.json'), '{}');
  // A linked `node` would run every npm command of that folder.
  await sh('npm install --no-bin-links node-24@npm:node@24', node);
}, 300_000);

afterAll(() => (hasRegistry ? rm(folder, { recursive: true }) : undefined), 120_000);

describe.skipIf(!hasRegistry).each(apps)(`a fresh application of Nest $nest ($type)${why}`, (app) => {
  it("installs the package by README's commands, without a conflict", { timeout: 300_000 }, async () => {
    mkdirSync(join(pathOf(app), 'src'), { recursive: true });
    writeApp(app, pathOf(app));
    await sh('npm install', pathOf(app));
    const [platform = '', ...others] = installs.map((line) => line.replaceAll('@12', `@${app.nest}`));
    await sh(platform, pathOf(app));
    const before = sizeOf(app);
    for (const command of others) expect(await sh(command, pathOf(app))).not.toMatch(/ERESOLVE|peer dep/);
    const after = sizeOf(app);
    const added = { packages: after.packages - before.packages, bytes: after.bytes - before.bytes };
    process.stderr.write(`Nest ${app.nest}: ${added.packages} packages and ${added.bytes} bytes were added\n`);
    expect(added.packages).toBeLessThanOrEqual(MOST_PACKAGES);
    expect(added.bytes).toBeLessThanOrEqual(MOST_BYTES);
  });

  it("compiles README's snippets", { timeout: 120_000 }, async () => {
    expect(await sh('npx tsc', pathOf(app))).toBe('');
  });

  it('passes a test of its own with its test runner as it comes', { timeout: 120_000 }, async () => {
    expect(await sh(`npx ${app.test.join(' ')}`, pathOf(app))).toMatch(/Tests: +1 passed|Tests +1 passed/);
  });

  it.each(['this Node', 'Node 24'])('answers a message on %s', { timeout: 60_000 }, async (which) => {
    const binary = which === 'Node 24' ? node24() : process.execPath;
    expect(await sh(`${binary} dist/play.js`, pathOf(app))).toContain('{"subject":"ada","roles":["moderator"]}');
  });

  it('signs a page of its own host in, and no page of another port', { timeout: 120_000 }, async () => {
    await sh(`npm install express-session @nestjs/platform-fastify@^${app.nest}.0.0`, pathOf(app));
    writeFileSync(join(pathOf(app), 'endpoints.cjs'), endpoints);
    expect((await sh(`${process.execPath} endpoints.cjs`, pathOf(app))).trim().split('\n')).toEqual([
      'session ExpressAdapter 204 and 403',
      'session FastifyAdapter 204 and 403',
      'connection-lease ExpressAdapter 200 and 403',
      'connection-lease FastifyAdapter 200 and 403',
    ]);
  });

  it('guards every message', { timeout: 60_000 }, async () => {
    writeFileSync(join(pathOf(app), 'messages.cjs'), messages);
    expect((await sh(`${process.execPath} messages.cjs`, pathOf(app))).trim().split('\n')).toEqual([
      'guest ok, unauthenticated, unauthenticated',
      'user ok, ok, forbidden',
    ]);
  });

  it('has one copy of each class, however it is loaded', { timeout: 60_000 }, async () => {
    const code = `
      const { createRequire } = await import('node:module');
      const require = createRequire(process.cwd() + '/');
      const required = require('nest-ws-auth-lab/gateways');
      const imported = await import('nest-ws-auth-lab/gateways');
      console.log(required.WsAuthModule === imported.WsAuthModule);`;
    for (const binary of [process.execPath, node24()])
      expect(await sh(`${binary} --input-type=module --eval "${code}"`, pathOf(app))).toContain('true\n');
  });
});
