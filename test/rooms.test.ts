import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as graph from './support/graph-rules.ts';
import * as layout from './support/layout-rules.ts';
import { rooms } from './support/rooms.ts';
import { readSources } from './support/sources.ts';
import { wordsAreThoseOfTheField } from './support/word-rules.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const settings = (file: string) => JSON.parse(read(file)) as Readonly<Record<string, unknown>>;

/** Folders that a build, a run or npm writes, and applications that import nothing of this repository. */
const notRooms = new Set(['node_modules', 'dist', 'lib', 'results', 'examples']);

describe('rooms.json', () => {
  it('names every folder at the root that holds code, and no other', () => {
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !notRooms.has(entry.name))
      .map(({ name }) => name)
      .filter((name) => readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).some(isCode));
    expect(folders.toSorted()).toEqual(rooms.toSorted());
  });

  it('is what the compiler reads', () => {
    expect(settings('tsconfig.json')['include']).toEqual([...rooms, '*.config.ts']);
    expect(settings('tsconfig.build.json')['include']).toEqual(rooms.filter((room) => room !== 'test'));
  });

  it('is where unused code is looked for', () => {
    const { workspaces } = settings('knip.json') as { workspaces: Record<string, { project: string[] }> };
    expect(workspaces['.']?.project).toEqual(['**/*.ts']);
  });

  it('is what ARCHITECTURE.md shows', () => {
    const shown = [...read('ARCHITECTURE.md').matchAll(/^\|.*\|$/gm)].join('\n');
    expect(rooms.filter((room) => !shown.includes(`\`${room}/\``))).toEqual([]);
  });
});

const isCode = (path: string): boolean => /\.(?:ts|mjs)$/.test(path);

/** A repository of nothing but these files. */
function houseOf(files: Readonly<Record<string, string>>): string {
  const house = mkdtempSync(join(tmpdir(), 'house-'));
  onTestFinished(() => rmSync(house, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  return house;
}

const inEachRoom = (name: string, text: string) => Object.fromEntries(rooms.map((room) => [`${room}/${name}`, text]));

/** Every `~` is left out, so that this file breaks none of the rules. */
const probe = `import { loadStrategies } from '../dist/strategies/registry.js';
import type { Other } from './other.ts';
if (id === ~'session') {}
// TO~DO: later
const ru~ng = 1;`.replaceAll('~', '');

describe('the layout rules see every room', () => {
  const sources = () =>
    readSources(
      houseOf({
        ...inEachRoom('probe.ts', probe),
        ...inEachRoom('other.ts', `import { own } from './probe.ts';`),
        ...inEachRoom('long.mjs', '//\n'.repeat(251)),
        'strategies/session/index.ts': '',
      }),
    );

  it.for([
    ['an import of what is built', graph.importsStayInRooms, 'probe.ts imports dist/'],
    ['a circular import of a type', graph.importsAreAcyclic, 'other.ts imports '],
    ['a strategy that is singled out', layout.noStrategyIsSingledOut, 'probe.ts:3 if (id === '],
    ['what is left for later', layout.nothingIsLeftForLater, 'probe.ts:4 '],
    ['a word that is not of the field', wordsAreThoseOfTheField, 'probe.ts:5 '],
    ['a long file', layout.filesAreShort, 'long.mjs is longer than'],
  ] as const)('%s', ([, rule, finding]) => {
    const found = rule(sources());
    expect(rooms.filter((room) => !found.some((line) => line.startsWith(`${room}/${finding}`)))).toEqual([]);
  });

  it.for(rooms.filter((room) => room !== 'test'))('an import of a test in %s', (room) => {
    const source = houseOf({
      ...inEachRoom('probe.ts', ''),
      [`${room}/probe.ts`]: `import '../test/support/gate.ts';`,
    });
    expect(graph.noImportRunsUpwards(readSources(source))).toEqual([`${room}/probe.ts imports test/support/gate.ts`]);
  });
});

it('the linter sees every room', () => {
  const house = houseOf(inEachRoom('probe.ts', 'const unused = 1;\nexport {};'));
  cpSync(join(root, '.oxlintrc.json'), join(house, '.oxlintrc.json'));
  const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format=unix'], {
    cwd: house,
    encoding: 'utf8',
  });
  expect(rooms.filter((room) => !stdout.includes(`${room}/probe.ts:`))).toEqual([]);
});
