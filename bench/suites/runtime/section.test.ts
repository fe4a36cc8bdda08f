import { metrics } from '../registry.ts';
import { describe, expect, it } from 'vitest';
import { toCells } from '../../model/cells.ts';
import type { Recorded } from '../../model/sample.ts';
import { QUIET, type SemiSpace, semiSpaces } from './configurations.ts';
import { factsOf } from './facts.ts';
import { runtimeSection } from './section.ts';

const ROUNDS = 12;

/** What a process costs in us in a calm minute, and the MiB of its young generation, in each round. */
interface Given {
  readonly cpu: (round: number) => number;
  readonly size: (round: number) => number;
  /** Why its CPU does not count. */
  readonly idle?: string;
}

/** What the reference of each round costs in us in a calm minute. */
const REFERENCE = 30;
/** The machine is slow while some processes of a round are measured, and the reference beside them. */
const phase = (round: number, youngGeneration: SemiSpace): number =>
  (1 + ((round + semiSpaces.indexOf(youngGeneration)) % 2)) * (1 + round / 1000);
const steady = (us: number, size: number): Given => ({ cpu: () => us, size: () => size });
/** Every third process is small, and costs half as much again. */
const affected: Given = {
  cpu: (round) => (round % 3 === 0 ? 45 : 30),
  size: (round) => (round % 3 === 0 ? 16 : 32),
};

function samplesOf(node: string, youngGeneration: SemiSpace, quiet: number, given: Given, rounds: number): Recorded[] {
  const { cpu, size, idle } = given;
  return Array.from({ length: rounds }, (_, repetition) => {
    const common = {
      suite: 'runtime',
      entry: { role: 'baseline', strategy: '_no-auth', variant: null },
      repetition,
      block: `runtime ${repetition}`,
      params: { load: 'saturated', node, youngGeneration, quiet },
    } as const;
    const us = cpu(repetition);
    const costs = { ...common, ...(idle !== undefined && { void: idle }) };
    return [
      { metric: 'server-cpu-per-message', value: us * phase(repetition, youngGeneration), ...costs },
      { metric: 'cpu-against-reference', value: us / REFERENCE, ...costs },
      { metric: 'young-generation', value: size(repetition), ...common },
      { metric: 'resident-memory', value: 100 + size(repetition), ...common },
    ] as const;
  }).flat();
}

const environment = { node: 'v20.1.0' };
/** Processes after a quiet time under each size, and those under the defaults whose load came at once. */
function run(
  node: string,
  { atOnce = steady(30, 32), ...given }: Partial<Record<SemiSpace | 'atOnce', Given>> & { readonly default: Given },
  rounds = ROUNDS,
) {
  const all = { 16: steady(30, 32), 32: steady(29.8, 64), 64: steady(29.9, 128), ...given };
  const quiet = semiSpaces.flatMap((semiSpace) => samplesOf(node, semiSpace, QUIET, all[semiSpace], rounds));
  return { environment, cells: toCells([...samplesOf(node, 'default', 0, atOnce, rounds), ...quiet], metrics) };
}
const lineOf = (text: string, node: string): string =>
  text.split('\n').find((line) => line.startsWith(`- **Node ${node}`)) ?? '';

describe('the facts of a run', () => {
  it('have the share of small processes and their cost, whatever slowed some processes of a round', () => {
    const [facts] = factsOf(run('v20.1.0', { default: affected }));
    expect(facts!.settings.slice(0, 2)).toMatchObject([
      { semiSpace: 'default', quiet: 0, processes: ROUNDS, small: 0 },
      { semiSpace: 'default', quiet: QUIET, processes: ROUNDS, small: 4, sizes: [16, 32] },
    ]);
    expect(facts).toMatchObject({ affected: true, advice: { semiSpace: 16 } });
    expect(facts!.smallCost).toMatchObject({
      estimate: expect.closeTo(1.5, 6),
      low: expect.closeTo(1.5, 6),
      high: expect.closeTo(1.5, 6),
    });
  });

  it('advise the default where no process was small', () => {
    const [facts] = factsOf(run('v24.1.0', { default: steady(30, 64) }));
    expect(facts).toMatchObject({ affected: false, smallCost: undefined, advice: { semiSpace: 'default' } });
  });

  it('advise the default where a small process is shown to cost little', () => {
    const cheap = { ...affected, cpu: (round: number) => (round % 3 === 0 ? 31 : 30) };
    expect(factsOf(run('v20.1.0', { default: cheap }))[0]).toMatchObject({
      affected: true,
      advice: { semiSpace: 'default' },
    });
  });

  it('advise a larger size only where it is shown to save 5%', () => {
    const saving = (us: number) => factsOf(run('v20.1.0', { default: affected, 64: steady(us, 128) }))[0]!.advice;
    expect(saving(28.6)).toMatchObject({ semiSpace: 16 });
    expect(saving(28.4)).toMatchObject({ semiSpace: 64 });
  });

  it('advise no size under which processes were small', () => {
    const small = { 16: affected, 32: affected, 64: affected, default: affected, atOnce: affected };
    expect(factsOf(run('v20.1.0', small))[0]!.advice).toBeUndefined();
    expect(factsOf(run('v20.1.0', { default: affected, 16: affected }))[0]!.advice).toMatchObject({ semiSpace: 32 });
  });

  it('count a process that was not saturated among the sizes, and not among the costs', () => {
    const [facts] = factsOf(run('v20.1.0', { default: { ...affected, idle: 'the server was not saturated' } }));
    expect(facts!.settings[1]).toMatchObject({ processes: ROUNDS, small: 4, costs: { small: { cpu: undefined } } });
    expect(facts!.smallCost).toBeUndefined();
  });

  it('stand in the order of the versions', () => {
    const cells = ['v24.1.0', 'v9.1.0', 'v20.1.0'].flatMap((node) => run(node, { default: affected }).cells);
    expect(factsOf({ cells }).map(({ node }) => node)).toEqual(['v9.1.0', 'v20.1.0', 'v24.1.0']);
  });
});

describe('the words of a run', () => {
  const both = {
    environment,
    cells: [...run('v20.1.0', { default: affected }).cells, ...run('v24.1.0', { default: steady(30, 64) }).cells],
  };
  const text = runtimeSection(both);

  it('say what to set, and what that costs', () => {
    expect(lineOf(text, 'v20.1.0')).toBe(
      '- **Node v20.1.0 is affected**: under the defaults the young generation was small in 4 of 12 processes after 20 s without load (9% to 66%), ' +
        'and in none of 12 processes when the load came at once (at most 27%). ' +
        'CPU per message of a small process against one that is not: +50% (+50% to +50%). ' +
        'Set `--min-semi-space-size=16 --max-semi-space-size=16`: with these flags it was small in none of 12 processes after 20 s without load (at most 27%). ' +
        'Against processes under the defaults that are not small, CPU per message: no difference found (+0% to +0%); resident memory: no difference found (+0 MiB to +0 MiB).',
    );
    expect(text).toContain('`NODE_OPTIONS` does not take `--min-semi-space-size`');
  });

  it('say which Node is not affected, and how sure that is', () => {
    expect(lineOf(text, 'v24.1.0')).toBe(
      '- **Node v24.1.0 is not affected in this run**: under the defaults the young generation was small in none of 12 processes after 20 s without load (at most 27%), ' +
        'and in none of 12 processes when the load came at once (at most 27%). ' +
        'Leave the default: no other size was shown to save 5% of CPU per message.',
    );
  });

  it('say which releases were not measured, and the command that installs them', () => {
    expect(text).toContain('Not measured, because not installed: Node 22.');
    expect(text).toContain('`npm install --no-save --no-bin-links node-22@npm:node@22 node-24@npm:node@24`');
  });

  it('claim nothing from too few processes', () => {
    const few = lineOf(runtimeSection(run('v20.1.0', { default: affected }, 2)), 'v20.1.0');
    expect(few).toContain('in 1 of 2 processes after 20 s without load (1% to 99%)');
    expect(few).toContain('+50% (too few processes for an interval)');
    expect(few).toContain('too few CPU figures to compare larger sizes');
  });

  it('have a row for each Node, size and quiet time, and one for each kind where there are both', () => {
    const rows = text.split('\n').filter((line) => /^\| v\d/.test(line));
    expect(rows).toHaveLength(12);
    expect(rows.slice(1, 4)).toEqual([
      '| v20.1.0 | default | 20 s | 12 | 4 (9% to 66%) | 16.0 to 32.0 MiB |  |  |  |  |',
      expect.stringMatching(
        /default, small \| 20 s \| 4 \|  \|  \| 67\.\d us \| \+50% \(too few .*\) \| 116 MiB \| -16 MiB/,
      ),
      expect.stringMatching(/default, not small \| 20 s \| 8 \|  \|  \| 45\.\d us \| no difference found/),
    ]);
  });
});
