import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRuntimes, installCommand, lackText, missingFrom, releaseOf } from './runtimes.ts';

const own = releaseOf(process.version);
/** Two releases that the suite compares, and that do not run this test. */
const [one, other] = missingFrom([own]) as [number, number];

describe('the runtimes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'runtimes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const install = (file: string): string => {
    const path = join(folder, 'node_modules', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{}');
    return path;
  };
  const found = () => findRuntimes(join(folder, 'module.js'));

  it('are this one and those that are installed under an alias', () => {
    install(`node-${one}/package.json`);
    const binary = install(`node-${one}/bin/node`);
    expect(found().runtimes).toEqual(
      expect.arrayContaining([
        { release: own, binary: process.execPath },
        { release: one, binary },
      ]),
    );
    expect(found().missing).not.toContain(one);
    expect(found().missing).toContain(other);
  });

  it('are missing where the install script did not fetch the binary', () => {
    install(`node-${one}/package.json`);
    expect(found().runtimes).toEqual([{ release: own, binary: process.execPath }]);
    expect(found().missing).toEqual(missingFrom([own]));
  });

  it('are installed by one command, without the one that runs, and without a link to a binary', () => {
    expect(installCommand(20)).toBe('npm install --no-save --no-bin-links node-22@npm:node@22 node-24@npm:node@24');
  });

  it('that are missing are told, with the command that installs them', () => {
    expect(lackText([22, 24], 20)).toEqual([
      'Not measured, because not installed: Node 22, Node 24. To measure every release, run first: ' +
        '`npm install --no-save --no-bin-links node-22@npm:node@22 node-24@npm:node@24`',
    ]);
    expect(lackText([])).toEqual([]);
  });
});
