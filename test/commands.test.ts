import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { readRun, SCHEMA_VERSION } from '../bench/model/run-file.ts';
import { loadEntries } from '../bench/entries.ts';
import { Commands, help, run, start } from './support/commands.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'commands-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const serving = ['advise', '--connections', '100', '--messages-per-second', '100'];

const wrong: [string, string[], RegExp][] = [
  ['an unknown strategy', ['bench', '--strategy', 'nope'], /^No strategy 'nope'. There are: .*handshake-only/],
  ['an unknown suite', ['bench', '--suite', 'nope'], /^No suite 'nope'. There are: parse-cost/],
  ['an unknown profile', ['bench', '--profile', 'nope'], /^No profile 'nope'. There are: smoke, brief, quick, full/],
  ['an unknown flag', ['bench', '--nope'], /^Unknown option '--nope'\. See the options: npm run bench -- --help\n$/],
  ['a misspelt profile', ['bench', '--profile', 'quik'], /^No profile 'quik'\. Did you mean quick\? There are: smoke/],
  ['an option of another command', ['audit', 'init', '--event', 'say'], /^Unknown option '--event'\. See the options/],
  ['a misspelt option', ['bench', '--profil', 'quick'], /^Unknown option '--profil'\. Did you mean --profile\?\n$/],
  ['a misspelt option with its value', ['audit', '--stratgy=session'], /Did you mean --strategy\?\n$/],
  [
    'an option that npm has eaten',
    ['bench', 'quick'],
    /^Unexpected argument 'quick'\. Options stand after --, such as:/,
  ],
  ['a seed that is none', ['bench', '--seed', 'x'], /^--seed takes a whole number from 0/],
  ['a seed that is too large', ['bench', '--seed', '4294967296'], /^--seed takes .*at most 4,294,967,295/],
  ['a seed that is empty', ['bench', '--seed', ''], /^--seed takes a whole number from 0.*; got ''/],
  ['the folder of published runs', ['bench', '--out', 'results/full'], /^--out takes a folder of its own, such as/],
  ['the folder of all local runs', ['bench', '--out', 'results/local'], /^--out takes a folder of its own/],
  [
    'a smoke run that is to be published',
    ['bench', '--profile', 'smoke', '--publish'],
    /^Cannot publish this run: the/,
  ],
  ['no run to publish', ['publish'], /^publish takes one folder/],
  ['a folder without a run to publish', ['publish', 'claims'], /^There is no run at claims/],
  ['the repository as a folder', ['bench', '--out', '.'], /^--out takes a folder of its own/],
  ['one name to compare', ['compare', 'session'], /^compare takes two names/],
  ['a folder that is a file', ['bench', '--out', '/dev/null'], /^Cannot write to the folder \/dev\/null: /],
  ['nothing to measure', ['bench', '--strategy', '_no-auth', '--suite', 'expiry'], /^There is nothing to measure/],
  ['a wrong flag beside --list', ['bench', '--list', '--profile', 'nope'], /^No profile 'nope'/],
  ['one run of two', ['compare', 'results', 'nowhere'], /^There is no run at nowhere/],
  ['an id that every object has', ['new-strategy', 'constructor'], /every object has that; choose another id/],
  ['nothing to go on with', ['bench', '--resume', '--out', 'results'], /^There is no run to go on with in results/],
  [
    'a run that goes on unpinned',
    ['bench', '--resume', '--no-pinning'],
    /^--resume goes on as the run began: leave out --no-pinning/,
  ],
  [
    'a run that goes on otherwise',
    ['bench', '--resume', '--seed', '2'],
    /^--resume goes on as the run began: leave out/,
  ],
  ['a baseline that is not there', ['bench', '--baseline', 'nope'], /^There is no baseline 'nope'; keep one with/],
  [
    'a baseline by a path',
    ['bench', '--save-baseline', '../x'],
    /^The name of a baseline is a word such as before-upgrade; got '..\/x'/,
  ],
  ['a regression that is no number', ['compare', 'a', 'b', '--fail-on-regression', 'x'], /takes a percentage, got 'x'/],
  ['a run that is not there', ['compare', 'a', 'b', '--run', 'nowhere'], /nowhere: it cannot be opened/],
  ['a claim that nobody made', ['reproduce', '--claim', 'nope'], /^No claim 'nope'. There are: /],
  ['an audit of one strategy to publish', ['audit', '--strategy', 'session', '--publish'], /^--publish is for a whole/],
  ['a lifetime without a unit', ['simulate', '--token-ttl', '300'], /^--token-ttl takes a time above 0 with its unit/],
  ['half a connection', ['simulate', '--connections', '0.5'], /^--connections takes a whole number above 0, at most/],
  ['an option by its old name', ['simulate', '--lifetime', '5'], /^Unknown option '--lifetime'\./],
  ['an unknown lane', ['play', '--strategy', 'sesion'], /^No strategy or peer 'sesion'\. Did you mean session\? There/],
  [
    'an unknown scenario',
    ['play', '--scenario', 'logut'],
    /^No scenario 'logut'\. Did you mean logout\? There are: ban,/,
  ],
  ['a picture of nothing', ['play', '--record', 'x.svg'], /^--record needs a --scenario/],
  ['a credential that is too short', ['play', '--ttl', '1s'], /^--ttl takes a time from 4s to 1h; got '1s'/],
  ['a port that is none', ['play', '--port', '70000'], /^--port takes a whole number from 0, at most 65,535/],
  ['an unknown store', ['play', '--store', 'sqlite'], /^No store 'sqlite'/],
  ['nothing to replicate', ['replicate'], /^replicate takes one folder, such as results\/full/],
  ['a folder without a run', ['replicate', 'claims'], /^claims has no run\.json/],
  ['advice without a number', ['advise', '--connections', '5'], /^--messages-per-second is missing/],
  [
    'no number',
    ['advise', '--connections', '5', '--messages-per-second', 'many'],
    /takes a number above 0, such as .*; got 'many'/,
  ],
  ['a time without a unit', [...serving, '--token-ttl', '5'], /^--token-ttl takes a time above 0 with its unit/],
  ['half a node', [...serving, '--nodes', '1.5'], /^--nodes takes a whole number above 0/],
];

const commands = new Commands();
afterAll(() => commands.end());

describe('commands', { timeout: 60_000 }, () => {
  it.each(wrong)(
    '%s: one line that names what there is, exit 2, no stack trace',
    async (_, [script, ...args], message) => {
      const { code, error } = await commands.run(script!, ...args);
      expect(error).toMatch(message);
      expect(error).not.toContain('    at ');
      expect(code).toBe(2);
    },
  );

  it('a damaged run file: the field is named, exit 2', async () => {
    const path = join(folder(), 'run.json');
    writeFileSync(path, `{"schemaVersion": ${SCHEMA_VERSION}}`);
    const { code, error } = await commands.run('compare', path, path);
    expect(error).toContain(`${path}: command: `);
    expect(code).toBe(2);
  });

  it('a run file of an older version: its version and how to run it again, exit 2', async () => {
    const path = join(folder(), 'run.json');
    writeFileSync(path, '{"schemaVersion": 3, "command": "npm run bench -- --suite churn"}');
    const { code, error } = await commands.run('compare', path, path);
    expect(error).toMatch(/has schema version 3, and .*; run it again: npm run bench -- --suite churn\n$/);
    expect(code).toBe(2);
  });

  it('bench --list shows every strategy that stands in a table, and no template', async () => {
    const { code, out } = await commands.run('bench', '--list');
    for (const { strategy } of await loadEntries()) expect(out).toContain(`  ${strategy} `);
    expect(out).not.toContain('_template');
    expect(code).toBe(0);
  });

  it('every command has a help text of 80 columns, and loads neither Nest nor anything else for it', async () => {
    const scripts = ['advise', 'audit', 'bench', 'compare', 'new-strategy', 'new-suite', 'play', 'publish', 'render', 'replicate', 'reproduce', 'simulate']; // prettier-ignore
    const { code, texts, error: loaded } = await help(scripts);
    expect({ code, loaded }).toEqual({ code: 0, loaded: '' });
    expect(texts).toHaveLength(scripts.length);
    for (const [index, text] of texts.entries()) {
      expect(text).toMatch(/^Usage: npm run /);
      for (const line of text.split('\n')) expect(line.length, `${scripts[index]}: ${line}`).toBeLessThanOrEqual(80);
    }
  });

  it.each([
    [['--strategy', 'article-gateway', '--port', '0'], /^Open http:\/\/127\.0\.0\.1:\d+\/$/m],
    [['nest-jwt-guard'], /^CREDENTIAL=.* node client\.mjs$/m],
  ])(
    'play %j ends at Ctrl-C with its servers',
    async (args, ready) => {
      const { child, ended } = start('play', ...args);
      let lines = '';
      while (!ready.test(lines)) lines += String(((await once(child.stdout!, 'data')) as [Buffer])[0]);
      const children = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
      await expect.poll(() => children().filter(Boolean).length, { timeout: 20_000 }).toBe(1);
      const servers = children();
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ code: 0, error: '' });
      expect(servers.filter(isAlive)).toEqual([]);
    },
    60_000,
  );

  it('play does not start in production', async () => {
    const { stderr, status } = spawnSync(process.execPath, ['dist/scripts/play.js'], {
      env: { ...process.env, NODE_ENV: 'production' },
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({
      stderr: 'play is a demonstration, and does not start with NODE_ENV=production\n',
      status: 2,
    });
  });

  it('bench --dry-run says what would be run, and writes nothing', async () => {
    const out = join(folder(), 'none');
    const { code, out: text } = await commands.run('bench', '--dry-run', '--profile', 'full', '--out', out);
    expect(text).toMatch(/churn, parse-cost.*_no-auth/);
    expect(text).toMatch(/\d+ blocks, about [\d.]+ min\n$/);
    expect(existsSync(out)).toBe(false);
    expect(code).toBe(0);
  });

  it('a run changes no tracked file, and leaves nothing that Git sees', { timeout: 180_000 }, async () => {
    const seen = () => execFileSync('git', ['status', '--porcelain'], { encoding: 'utf8' });
    const [before, results] = [seen(), readFileSync('RESULTS.md', 'utf8')];
    const { code, out } = await run('bench', '--profile', 'smoke', '--suite', 'guard-cost', '--strategy', 'session');
    expect(code).toBe(0);
    expect(out).toContain('Report: results/local/smoke-guard-cost-session/report.html\n');
    expect(existsSync('results/local/smoke-guard-cost-session/report.html')).toBe(true);
    expect(seen()).toBe(before);
    expect(readFileSync('RESULTS.md', 'utf8')).toBe(results);
    for (const profile of ['quick', 'full', 'nodes'])
      execFileSync('git', ['check-ignore', '-q', `results/local/${profile}/RESULTS.md`]);
  });

  it(
    'Ctrl-C keeps the finished cells, leaves no process, and the run goes on; an older run has made way',
    { timeout: 180_000 },
    async () => {
      const out = folder();
      const makesWay = `${out}.previous`;
      onTestFinished(() => rmSync(makesWay, { recursive: true }));
      writeFileSync(join(out, 'run.json'), '{"schemaVersion": 3}');
      const args = ['--profile', 'smoke', '--suite', 'churn', '--strategy', 'session', '--out', out];
      const { child, ended } = start('bench', ...args);
      let lines = '';
      // The second block is under way when the first is told to be done.
      while (!/^ *[1-9]\d*%, /m.test(lines)) {
        expect(child.exitCode).toBeNull();
        lines += String(((await once(child.stderr!, 'data')) as [Buffer])[0]);
      }
      expect(readFileSync(join(makesWay, 'run.json'), 'utf8')).toBe('{"schemaVersion": 3}');
      const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
      child.kill('SIGINT');
      const { code, error } = await ended;
      expect(code).toBe(130);
      expect(error).toMatch(/^Stopped\. The \d+ figures so far are kept in /m);
      expect(error).toContain(`npm run bench -- --resume --out ${out}`);
      expect(readRun(join(out, 'run.json'))).toMatchObject({ complete: false });
      expect(readRun(join(out, 'run.json')).cells.length).toBeGreaterThan(0);
      await expect.poll(() => children.filter(isAlive)).toEqual([]);
      const finished = readFileSync(join(out, 'blocks.jsonl'), 'utf8');
      const resumed = await run('bench', '--resume', '--out', out);
      expect(resumed.error).toMatch(/^Measuring for about \d+ min/);
      expect(resumed.out).toMatch(/^Run of smoke: complete, /);
      expect(resumed.code).toBe(0);
      expect(readFileSync(join(out, 'blocks.jsonl'), 'utf8').startsWith(finished)).toBe(true);
      expect(readRun(join(out, 'run.json'))).toMatchObject({ complete: true });
      expect((await commands.run('bench', '--resume', '--out', out)).error).toMatch(
        /is complete: there is nothing to go on with/,
      );
    },
  );
});

function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
