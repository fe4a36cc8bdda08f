import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { cyclesIn } from './support/cycles.ts';
import * as rules from './support/graph-rules.ts';
import { holds, type House } from './support/houses.ts';
import { readResults, readSources } from './support/sources.ts';
import { wordsAreThoseOfTheField } from './support/word-rules.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
// Without this file, which holds an example of everything that is not allowed.
const sources = readSources(root).filter(({ path }) => path !== 'test/graph.test.ts');

const importing = (...paths: readonly string[]): string => paths.map((path) => `import '${path}';`).join('\n');
const files = (folder: string, count: number, end: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${folder}/file-${index}${end}`, '']));

const houses: House[] = [
  {
    title: 'no import is circular, that of a type included',
    rule: rules.importsAreAcyclic,
    broken: {
      'bench/a.ts': importing('./b.ts'),
      'bench/b.ts': `import type { C } from './c.ts';\nimport type { D } from './d.ts';`,
      'bench/c.ts': `const a = await import('./a.ts');`,
      'bench/d.ts': importing('node:fs', 'socket.io'),
      'claims/one.ts': `export type { Two } from './two.ts';`,
      'claims/two.ts': importing('./one.ts'),
    },
    findings: [
      'bench/a.ts imports bench/b.ts imports bench/c.ts imports bench/a.ts',
      'claims/one.ts imports claims/two.ts imports claims/one.ts',
    ],
  },
  {
    title: 'no folders that lie beside each other import each other, rooms included',
    rule: rules.foldersAreAcyclic,
    broken: {
      'bench/plan.ts': importing('../audits/run.ts'),
      'audits/run.ts': importing('../bench/stats/median.ts', './report/table.ts'),
      'audits/report/table.ts': importing('../outcome.ts'),
      'audits/bench.test.ts': importing('../claims/index.ts'),
      'claims/index.ts': importing('../audits/run.ts'),
      'harness/load/pace.ts': importing('../probes/loop/delay.ts'),
      'harness/probes/heap.ts': `import type { Pace } from '../load/pace.ts';`,
    },
    findings: ['audits imports bench imports audits', 'harness/load imports harness/probes imports harness/load'],
  },
  {
    title: 'no import runs upwards',
    rule: rules.noImportRunsUpwards,
    broken: {
      'gateways/chat.gateway.ts': importing('../strategies/strategy.ts', '../harness/app.ts'),
      'harness/app.ts': `import type { Claim } from '../claims/claim.ts';`,
      'scripts/bench.ts': importing('../bench/plan.ts', './command.ts', '../test/support/gate.ts'),
      'harness/app.test.ts': importing('../test/support/gate.ts'),
      'claims/comment.ts': `import {\n  // It's a gate.\n  gate,\n} from '../publish/gate.ts';`,
      'claims/call.ts': 'const gate = import(/* late */ `../publish/gate.ts`);',
      'claims/old.cts': importing('../publish/gate.ts'),
      'vitest.config.ts': importing('./test/support/rooms.ts'),
    },
    findings: [
      'gateways/chat.gateway.ts imports harness/app.ts',
      'harness/app.ts imports claims/claim.ts',
      'scripts/bench.ts imports test/support/gate.ts',
      'claims/comment.ts imports publish/gate.ts',
      'claims/call.ts imports publish/gate.ts',
      'claims/old.cts imports publish/gate.ts',
    ],
  },
  {
    title: 'an import ends in a room or in a package',
    rule: rules.importsStayInRooms,
    broken: {
      'test/a.test.ts': importing('../dist/strategies/registry.js', '../gateways/index.ts', 'vitest'),
      'bench/b.ts': importing('../../elsewhere/c.ts'),
    },
    findings: ['test/a.test.ts imports dist/strategies/registry.js', 'bench/b.ts imports ../elsewhere/c.ts'],
  },
  {
    title: 'no folder holds more than 20 files of code, without its tests and subfolders',
    rule: rules.foldersAreSmall,
    broken: {
      ...files('bench', 20, '.ts'),
      ...files('bench', 9, '.test.ts'),
      ...files('bench/report', 20, '.ts'),
      'bench/report/run.mjs': '',
      'bench/report/README.md': '',
    },
    findings: ['bench/report has 21 files: part it into subfolders of at most 20'],
  },
  {
    title: "words are the field's",
    rule: wordsAreThoseOfTheField,
    broken: {
      'bench/ladder.ts': '',
      'bench/a.ts': '// An alarm, a form and a farm.\nconst latestRung = arms[0];\n  this.#arm();',
      'README.md': 'Which strategy gives\nway. It gave way to an Open Door.\n/auth|grant|token/ says what was granted',
      'results/full/RESULTS.md': 'auth:grant to a contender',
    },
    findings: [
      `bench/ladder.ts:0 'ladder': say platform layers`,
      `bench/a.ts:2 'rung': say platform layer`,
      `bench/a.ts:2 'arm': say entry`,
      `README.md:2 'Open Door': say no-auth baseline`,
      `README.md:2 'gave way': say stays usable after it should have ended`,
      `results/full/RESULTS.md:1 'contender': say entry`,
    ],
  },
];

holds(houses, sources);

it('published results have the words of the field too', ({ expect }) => {
  expect(wordsAreThoseOfTheField(readResults(root))).toEqual([]);
});

describe('cycles', () => {
  const graphOf = (edges: Readonly<Record<string, string>>) =>
    new Map(Object.entries(edges).map(([node, targets]) => [node, new Set(targets)]));

  it.for([
    ['none', { a: 'bc', b: 'c', c: '' }, []],
    ['a node that points to itself', { a: 'a' }, [['a']]],
    ['the shortest through the first of its nodes', { a: 'bc', b: 'd', c: 'a', d: 'a' }, [['a', 'c']]],
    [
      'two that share nothing',
      { a: 'b', b: 'a', c: 'd', d: 'c' },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['one that is reached from outside it', { a: 'b', b: 'c', c: 'b' }, [['b', 'c']]],
  ] as const)('%s', ([, edges, cycles], { expect }) => {
    expect(cyclesIn(graphOf(edges))).toEqual(cycles);
  });
});
