import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const runner = join(root, 'scripts/run.mjs');

/** A project of one command, which says what `say` in another file holds, at its start and once more when it is told to. */
function project() {
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  mkdirSync(join(folder, 'scripts'));
  for (const name of ['tsconfig.json', 'package-lock.json']) copyFileSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  write('package.json', JSON.stringify({ type: 'module', scripts: { hello: 'node scripts/run.mjs hello' } }));
  write(
    'tsconfig.build.json',
    JSON.stringify({ extends: './tsconfig.json', compilerOptions: { noEmit: false }, include: ['scripts'] }),
  );
  write(
    'scripts/hello.ts',
    `console.log('begins', process.argv[2] ?? '');
     if (process.argv[2] === 'wait') await new Promise((resolve) => process.stdin.once('data', resolve));
     console.log((await import('./say.ts')).say);
     process.stdin.destroy();`,
  );
  const say = (text: string) => write('scripts/say.ts', `export const say = '${text}';`);
  say('one');
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [runner, ...args], { cwd: folder, encoding: 'utf8', input: '' });
  const builds = () => readdirSync(join(folder, '.build')).filter((name) => name !== 'in-use');
  return { folder, write, say, run, builds };
}

describe('scripts/run.mjs', { timeout: 30_000 }, () => {
  it('runs a command with its arguments, and compiles the same sources once', () => {
    const { run, builds } = project();
    expect(run('hello', 'there').stdout).toBe('begins there\none\n');
    const [first] = builds();
    expect(run('hello').stdout).toBe('begins \none\n');
    expect(builds()).toEqual([first]);
  });

  it('leaves a command that runs on the build that it began with, whatever is built meanwhile', async () => {
    const { folder, run, say, builds } = project();
    const running = spawn(process.execPath, [runner, 'hello', 'wait'], { cwd: folder });
    let out = '';
    running.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await expect.poll(() => out, { timeout: 8000 }).toContain('begins');
    for (const text of ['two', 'three', 'four', 'five']) {
      say(text);
      expect(run('hello').stdout).toContain(text);
    }
    // The newest three and the one in use.
    expect(builds().length).toBe(4);
    running.stdin.write('go on\n');
    await once(running, 'close');
    expect(out).toBe('begins wait\none\n');
  });

  it('keeps no output of a source that is gone', () => {
    const { folder, run, write } = project();
    write('scripts/other.ts', `export const other = 1;`);
    run();
    expect(existsSync(join(folder, 'dist/scripts/other.js'))).toBe(true);
    rmSync(join(folder, 'scripts/other.ts'));
    run();
    expect(existsSync(join(folder, 'dist/scripts/other.js'))).toBe(false);
  });

  it('removes the folder and the link of a killed build, and keeps those of a running one', () => {
    const { folder, run, builds } = project();
    const { pid: ended } = spawnSync(process.execPath, ['--version']);
    const namesOf = (pid: number) => [`link-${pid}`, `unfinished-${pid}`];
    const [left, written] = [namesOf(ended), namesOf(process.pid)];
    for (const name of [...left, ...written]) mkdirSync(join(folder, '.build', name), { recursive: true });
    expect(run('hello').status).toBe(0);
    expect(builds().filter((name) => left.includes(name))).toEqual([]);
    expect(builds()).toEqual(expect.arrayContaining(written));
  });

  it('says what is wrong with a source, and leaves the build before it in place', () => {
    const { run, write } = project();
    expect(run('hello').status).toBe(0);
    write('scripts/say.ts', `export const say = (;`);
    const failed = run('hello');
    expect(failed.status).not.toBe(0);
    expect(failed.stderr).toContain('say.ts');
    expect(failed.stdout).toBe('');
  });

  it('checks the types in a build without a command alone, also after a command has compiled the sources', () => {
    const { run, write } = project();
    write('scripts/say.ts', `export const say: number = 'one';`);
    const early = run();
    expect(early.status).not.toBe(0);
    expect(early.stderr).toContain('say.ts');
    expect(run('hello').stdout).toBe('begins \none\n');
    expect(run().status).not.toBe(0);
    write('scripts/say.ts', `export const say: string = 'two';`);
    expect(run('hello').stdout).toBe('begins \ntwo\n');
    expect(run().status).toBe(0);
  });

  it('names the commands that there are, and exits with 2, where there is no such one', () => {
    const { run } = project();
    const { status, stderr } = run('nonsense');
    expect([status, stderr]).toEqual([2, "No command 'nonsense'. There are: hello\n"]);
  });
});
