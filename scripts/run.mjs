/**
 * `node scripts/run.mjs` compiles the project; `node scripts/run.mjs bench --help` then runs a command of `scripts/`.
 *
 * Each build has a folder of its own, `.build/<hash of what it is compiled from>`, and `dist` points to the newest. So
 * nothing is compiled twice, no output of a deleted source survives, and a build changes nothing for a command that runs:
 * that one, with every process that it starts, keeps the folder that it began with.
 *
 * A build without a command checks the types, too. A command does not wait for that, since it takes most of the time.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const BUILDS = '.build';
/** Where each running command leaves a file that is named by its build and its process. */
const IN_USE = join(BUILDS, 'in-use');
/** Builds that are kept though no command uses them. */
const KEPT = 3;
/** A build whose types were checked has a file of this name. */
const CHECKED = 'types-checked';
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

const [command, ...args] = process.argv.slice(2);
const file = command === undefined ? undefined : join('dist', 'scripts', `${command}.js`);

mkdirSync(IN_USE, { recursive: true });
const id = sourceHash();
const folder = join(BUILDS, id);
// Before the folder is looked for, so that no other build removes it in between.
const mark = join(IN_USE, `${id}.${process.pid}`);
writeFileSync(mark, '');
process.once('exit', () => rmSync(mark, { force: true }));

if (!existsSync(folder)) compile(command === undefined);
if (command === undefined && !existsSync(join(folder, CHECKED))) checkTypes();
utimesSync(folder, new Date(), new Date());
pointDistAt();
removeUnused();

if (file !== undefined) {
  if (!existsSync(file)) {
    const guess = await nearest(command, commands());
    const suggestion = guess === undefined ? '' : ` Did you mean ${guess}?`;
    fail(`No command '${command}'.${suggestion} There are: ${commands().join(', ')}`, 2);
  }
  process.argv = [process.argv[0], file, ...args];
  await import(pathToFileURL(join(folder, 'scripts', `${command}.js`)).href);
}

/** Of every file that the compiler reads in this repository, and of its settings. */
function sourceHash() {
  const { include } = JSON.parse(readFileSync('tsconfig.build.json', 'utf8'));
  const sources = include
    .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((path) => join(room, path)))
    .filter((path) => /(?<!\.test)\.[jt]s$/.test(path) && !/node_modules|^audits.lib/.test(path));
  const hash = createHash('sha256');
  for (const path of [...SETTINGS, ...sources.toSorted()]) hash.update(`${path}\0`).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

/** Into a folder of this process first: what another process finds is always whole. */
function compile(checks) {
  const unfinished = join(BUILDS, `unfinished-${process.pid}`);
  rmSync(unfinished, { recursive: true, force: true });
  const status = tsc('--outDir', unfinished, ...(checks ? [] : ['--noCheck']));
  if (status !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    process.exit(status);
  }
  if (checks) writeFileSync(join(unfinished, CHECKED), '');
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process was faster with the same sources.
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Checks the types of sources that a command has compiled already. */
function checkTypes() {
  const status = tsc('--noEmit');
  if (status !== 0) process.exit(status);
  writeFileSync(join(folder, CHECKED), '');
}

/** Returns the exit code. */
function tsc(...options) {
  const compiler = join('node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler)) fail('TypeScript is not installed: run npm ci', 1);
  const ran = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', ...options], {
    stdio: ['ignore', 2, 2],
  });
  return ran.status ?? 1;
}

function pointDistAt() {
  const there = lstatSync('dist', { throwIfNoEntry: false });
  if (there?.isSymbolicLink() && readlinkSync('dist') === folder) return;
  if (there?.isDirectory()) rmSync('dist', { recursive: true });
  const link = join(BUILDS, `link-${process.pid}`);
  symlinkSync(folder, link, 'junction');
  // Replaces the link in one step: a process that starts now finds one build or the other.
  renameSync(link, 'dist');
}

function removeUnused() {
  const used = new Set();
  for (const name of readdirSync(IN_USE)) {
    const [build, pid] = name.split('.');
    if (isRunning(Number(pid))) used.add(build);
    else rmSync(join(IN_USE, name), { force: true });
  }
  const builds = readdirSync(BUILDS)
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => ({ name, at: statSync(join(BUILDS, name), { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((a, b) => b.at - a.at);
  for (const { name } of builds.slice(KEPT)) {
    if (!used.has(name)) rmSync(join(BUILDS, name), { recursive: true, force: true });
  }
  // A build that was killed could not remove what it had begun.
  for (const name of readdirSync(BUILDS)) {
    const [, pid] = /^(?:unfinished|link)-(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(BUILDS, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The commands that package.json runs with this file. */
function commands() {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = Object.values(scripts).flatMap(
    (script) => /^node scripts\/run\.mjs (\w[\w-]*)$/.exec(script)?.[1] ?? [],
  );
  return [...new Set(named)];
}

/** The suggestion for a misspelt command; it is compiled like all else. */
async function nearest(given, known) {
  const compiled = join(folder, 'scripts', 'did-you-mean.js');
  return existsSync(compiled) ? (await import(pathToFileURL(compiled).href)).nearest(given, known) : undefined;
}

function fail(message, code) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
