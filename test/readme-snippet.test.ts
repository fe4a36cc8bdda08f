import { execFile, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { installPacked } from './support/packed.ts';
import { snippets } from './support/readme.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const run = promisify(execFile);

const secret = (): string => randomBytes(32).toString('base64url');

/** What whoever follows the README has beside it: an app of their own that installed this package. */
const tsconfig = {
  compilerOptions: {
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: false,
    types: ['node'],
    rootDir: '.',
    outDir: 'out',
  },
};

/** Signs a user up, asks as the README's client does, and tells what was answered. */
const play = `
import { directory } from './app.module.js';
import { whoAmI } from './client.js';
import { started } from './main.js';

const app = await started;
const { port } = app.getHttpServer().address();
const password = process.env.PASSWORD;
const { subject } = await directory.add({ username: 'ada', password, roles: ['moderator'] });
const url = 'http://127.0.0.1:' + port;
const refused = await whoAmI(url, 'ada', 'not it').catch(({ code }) => code);
const answer = await whoAmI(url, 'ada', password);
process.send({ subject, refused, answer });
await app.close();
process.disconnect();
`;

describe('the snippets of the README', () => {
  let folder: string;

  beforeAll(async () => {
    mkdirSync(join(root, '.tmp'), { recursive: true });
    folder = mkdtempSync(join(root, '.tmp', 'readme-'));
    await installPacked(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'app', type: 'module' }));
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    for (const [name, code] of snippets) writeFileSync(join(folder, name), code);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  it('put a strategy into an AppModule in ten lines', ({ expect }) => {
    const lines = snippets.get('app.module.ts')?.split('\n').filter(Boolean);
    expect(lines?.length).toBeLessThanOrEqual(10);
  });

  it('name no file of this repository, but what the package exports', ({ expect }) => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object };
    const exported = Object.keys(exports).map(
      (key) => new RegExp(`^${key.replace('.', 'nest-ws-auth-lab').replace('*', '[\\w-]+')}$`),
    );
    const imported = [...snippets.values()].flatMap((code) => code.match(/nest-ws-auth-lab[^']*/g) ?? []);
    expect(imported.filter((name) => !exported.some((pattern) => pattern.test(name)))).toEqual([]);
  });

  it('compile in an app of their own, and answer its client', { timeout: 60_000 }, async ({ expect }) => {
    const compiled = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')], {
      cwd: folder,
    }).catch(({ stdout }: { stdout: string }) => ({ stdout }));
    expect(compiled.stdout).toBe('');
    writeFileSync(join(folder, 'out/play.js'), play);
    const env = { ...process.env, PORT: '0', WS_AUTH_SECRET: secret(), PASSWORD: secret() };
    const child = fork(join(folder, 'out/play.js'), { cwd: folder, env, silent: true });
    let said = '';
    child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
    const exit = once(child, 'exit');
    const told = once(child, 'message').then(([message]) => message as Record<string, unknown>);
    const answer = await Promise.race([told, exit.then(([code]) => ({ code, said }))]);
    const { subject } = answer as { subject?: string };
    expect(answer).toEqual({ subject, refused: 'unauthenticated', answer: { subject, roles: ['moderator'] } });
    expect(await exit).toEqual([0, null]);
  });

  it('audit the gateway as tests, which pass and end', { timeout: 120_000 }, async ({ expect }) => {
    // Without a file of its own, it would find that of this repository.
    writeFileSync(join(folder, 'vitest.config.js'), 'export default {};');
    const args = ['run', '--root', folder, '--reporter', 'json', '--outputFile', 'told.json', 'gateway.test.ts'];
    const env = { ...process.env, PORT: '0', WS_AUTH_SECRET: secret() };
    await run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], { cwd: folder, env }).catch(
      () => undefined,
    );
    const told = JSON.parse(readFileSync(join(folder, 'told.json'), 'utf8')) as Record<string, unknown>;
    expect(told).toMatchObject({ success: true, numFailedTests: 0 });
    // The others are skipped: the snippet describes no sign-out, ban or expiry.
    expect(told['numPassedTests']).toBeGreaterThan(9);
  });
});
