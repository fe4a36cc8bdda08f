import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lock, LOCK_FILE } from '../bench/engine/folder-lock.ts';
import { makeFolder, stoppedRun } from '../scripts/run-folders.ts';

/** A folder in which tests may do what they like. */
function place(): string {
  const path = mkdtempSync(join(tmpdir(), 'folders-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function write(path: string, ...names: string[]): void {
  mkdirSync(path);
  for (const name of names) writeFileSync(join(path, name), name);
}

it.each(['bench', 'results', 'results/full', 'results/local', 'docs-of-nobody', '.'])(
  'no run is written to %s of the repository, also not by a link to it',
  (path) => {
    expect(() => makeFolder(path)).toThrow(/^--out takes a folder of its own, such as/);
    const link = join(place(), 'repository');
    symlinkSync(process.cwd(), link);
    expect(() => makeFolder(join(link, path))).toThrow(/belongs to the repository$/);
  },
);

it('an older run makes way, and the one before it is gone; also where the name ends with a slash', () => {
  const folder = join(place(), 'mine');
  write(folder, 'run.json', 'blocks.jsonl', 'report.html', 'timeline.svg');
  write(`${folder}.previous`, 'run.json', 'DETAILS.md');
  makeFolder(`${folder}/`);
  expect(existsSync(join(folder, 'run.json'))).toBe(false);
  expect(readFileSync(join(`${folder}.previous`, 'timeline.svg'), 'utf8')).toBe('timeline.svg');
  expect(existsSync(join(`${folder}.previous`, 'DETAILS.md'))).toBe(false);
});

it.each(['mine', 'mine.previous'])('nothing is moved or removed where %s holds what no run wrote', (name) => {
  const parent = place();
  const folder = join(parent, 'mine');
  write(folder, 'run.json');
  write(`${folder}.previous`, 'run.json');
  writeFileSync(join(parent, name, 'thesis.txt'), 'mine');
  expect(() => makeFolder(folder)).toThrow(/thesis\.txt, which no run wrote: move it/);
  expect(readFileSync(join(parent, name, 'thesis.txt'), 'utf8')).toBe('mine');
  for (const kept of [folder, `${folder}.previous`]) expect(existsSync(join(kept, 'run.json'))).toBe(true);
});

it('a run keeps its folder to itself while its process lives, and the folder that its predecessor is kept in', () => {
  const folder = join(place(), 'mine');
  for (const name of [folder, `${folder}.previous`]) write(name, 'run.json');
  const refusal = `going on in ${folder} (process ${process.ppid}): wait for it, or name another folder by --out`;
  writeFileSync(join(folder, LOCK_FILE), String(process.ppid));
  expect(() => makeFolder(folder)).toThrow(refusal);
  expect(() => stoppedRun(folder)).toThrow(refusal);
  rmSync(join(folder, LOCK_FILE));
  writeFileSync(join(`${folder}.previous`, LOCK_FILE), String(process.ppid));
  expect(() => makeFolder(folder)).toThrow('.previous (process');
  for (const kept of [folder, `${folder}.previous`]) expect(existsSync(join(kept, 'run.json'))).toBe(true);
});

it.each(['', 'no number'])('a lock that holds %j keeps the folder, and the error says what to delete', (text) => {
  const folder = place();
  writeFileSync(join(folder, LOCK_FILE), text);
  expect(() => lock(folder)).toThrow(`If that process is not a benchmark run, delete ${join(folder, LOCK_FILE)}`);
});

it('the lock of a run that was killed keeps nobody out', () => {
  const folder = join(place(), 'mine');
  write(folder, 'run.json');
  const { pid } = spawnSync(process.execPath, ['--version']);
  writeFileSync(join(folder, LOCK_FILE), String(pid));
  makeFolder(folder);
  expect(existsSync(join(`${folder}.previous`, 'run.json'))).toBe(true);
  expect(existsSync(join(`${folder}.previous`, LOCK_FILE))).toBe(false);
  expect(readFileSync(join(folder, LOCK_FILE), 'utf8')).toBe(String(process.pid));
});

it('a folder that cannot be made is refused at once, also below /proc', () => {
  const file = join(place(), 'file');
  writeFileSync(file, '');
  for (const path of [file, join(file, 'below'), '/proc/no-such-folder/below'])
    expect(() => makeFolder(path)).toThrow(`Cannot write to the folder ${path}: `);
});
