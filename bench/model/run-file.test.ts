import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { exampleRun } from '../../test/support/run.ts';
import { readRun, RunFileError, SCHEMA_VERSION, writeRun } from './run-file.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'run-file-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const damaged: [string, (run: ReturnType<typeof exampleRun>) => unknown, RegExp][] = [
  ['a field of the wrong type', (run) => ({ ...run, seed: 'one' }), /: seed: /],
  ['a missing field', ({ cells: _, ...run }) => run, /: cells: /],
  ['a version that is none', (run) => ({ ...run, schemaVersion: '3' }), /: schemaVersion: /],
  [
    'a cell that was edited',
    (run) => ({ ...run, cells: [{ ...run.cells[0], median: null }] }),
    /: cells\[0\]\.median: /,
  ],
  [
    'a metric that is no name',
    (run) => ({ ...run, cells: [{ ...run.cells[0], metric: 'a speed' }] }),
    /: cells\[0\]\.metric: /,
  ],
  ['something that is no run', () => [], /: the file: /],
];

describe('a run file', () => {
  it('is read back as it was written, and leaves nothing beside it', () => {
    const path = folder();
    writeRun(join(path, 'run.json'), exampleRun());
    expect(readRun(join(path, 'run.json'))).toEqual(exampleRun());
    expect(readdirSync(path)).toEqual(['run.json']);
  });

  it.each(damaged)('with %s is refused, and the field is named', (_, damage, message) => {
    const path = join(folder(), 'run.json');
    writeFileSync(path, JSON.stringify(damage(exampleRun())));
    expect(() => readRun(path)).toThrow(message);
  });

  it.each([3, 99])(
    'of schema version %i is refused, with that version and the command that writes a new one',
    (version) => {
      const path = join(folder(), 'run.json');
      // Version 3 had this field, and version 4 has not.
      const [cell] = exampleRun().cells;
      const old = { ...exampleRun(), schemaVersion: version, command: 'npm run bench -- --profile full' };
      writeFileSync(path, JSON.stringify({ ...old, cells: [{ ...cell, beside: null }] }));
      expect(() => readRun(path)).toThrow(
        new RunFileError(
          `Cannot use the run ${path}: it has schema version ${version}, and this code reads version ${SCHEMA_VERSION} alone; run it again: npm run bench -- --profile full`,
        ),
      );
    },
  );

  it('of another version that names no command is to be run again by the usual one', () => {
    const path = join(folder(), 'run.json');
    writeFileSync(path, JSON.stringify({ schemaVersion: 1 }));
    expect(() => readRun(path)).toThrow(/schema version 1, .*; run it again: npm run bench$/);
  });

  it('that is cut off, or not there, is refused by its name', () => {
    const path = join(folder(), 'run.json');
    expect(() => readRun(path)).toThrow(`${path}: it cannot be opened`);
    writeFileSync(path, JSON.stringify(exampleRun()).slice(0, 200));
    expect(() => readRun(path)).toThrow(`${path}: it is not JSON`);
  });

  it('is never written with a field that could not be read', () => {
    const path = join(folder(), 'run.json');
    expect(() => writeRun(path, { ...exampleRun(), seconds: NaN })).toThrow(/: seconds: /);
  });
});
