import { metrics } from '../registry.ts';
import { describe, expect, it } from 'vitest';
import { toCells } from '../../model/cells.ts';
import type { Recorded } from '../../model/sample.ts';
import { EARLY, LATE, QUIET, type SemiSpace, semiSpaces } from './configurations.ts';
import { factsOf } from './facts.ts';
import { runtimeSection } from './section.ts';

const ROUNDS = 12;

/** One process a round, in a calm minute: us a message after LATE messages, MiB of its young generation, garbage against the reference. */
interface Given {
  readonly cpu: (round: number) => number;
  readonly size: (round: number) => number;
  readonly gc?: (round: number) => number;
  /** After EARLY messages, where that is not the same. */
  readonly early?: { readonly cpu: (round: number) => number; readonly size: (round: number) => number };
  /** Why its CPU does not count. */
  readonly idle?: string;
}

/** The CPU of a message in the reference, in us, in a calm minute. */
const REFERENCE = 30;
/** The machine is slow while some processes of a round are measured, and the reference beside them. */
const phase = (round: number, youngGeneration: SemiSpace): number =>
  (1 + ((round + semiSpaces.indexOf(youngGeneration)) % 2)) * (1 + round / 1000);
const steady = (us: number, size: number): Given => ({ cpu: () => us, size: () => size });
/** Returns one value in every third round, and another one in all other rounds. */
const everyThird = (other: number, usual: number) => (round: number) => (round % 3 === 0 ? other : usual);
/** Every third process is small at first, and then costs half as much again. */
const shrunk: Given = { ...steady(30, 32), early: { cpu: everyThird(45, 30), size: everyThird(16, 32) } };
/** Every third process pretenures, and costs twice as much. */
const pretenured: Given = { ...steady(30, 32), cpu: everyThird(60, 30), gc: everyThird(10, 1) };

function samplesOf(node: string, youngGeneration: SemiSpace, quiet: number, given: Given, rounds: number): Recorded[] {
  const { cpu, size, gc = () => 1, early = { cpu, size }, idle } = given;
  return Array.from({ length: rounds }, (_, repetition) =>
    [
      { after: EARLY, ...early },
      { after: LATE, cpu, size },
    ].flatMap((then) => {
      const common = {
        suite: 'runtime',
        entry: { role: 'baseline', strategy: '_no-auth', variant: null },
        repetition,
        block: `runtime ${repetition}`,
        params: { load: 'saturated', node, youngGeneration, quiet, after: then.after },
      } as const;
      const us = then.cpu(repetition);
      const costs = { ...common, ...(idle !== undefined && { void: idle }) };
      return [
        { metric: 'server-cpu-per-message', value: us * phase(repetition, youngGeneration), ...costs },
        { metric: 'cpu-against-reference', value: us / REFERENCE, ...costs },
        { metric: 'gc-against-reference', value: gc(repetition), ...costs },
        { metric: 'young-generation', value: then.size(repetition), ...common },
        { metric: 'resident-memory', value: 100 + then.size(repetition), ...common },
      ] as const;
    }),
  ).flat();
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

const exactly = (ratio: number) => {
  const close = expect.closeTo(ratio, 6) as number;
  return { estimate: close, low: close, high: close };
};

describe('the facts of a run', () => {
  it('have the share of processes that were small at first, and their cost, whatever slowed some processes of a round', () => {
    const [facts] = factsOf(run('v20.1.0', { default: shrunk }));
    const none = { processes: ROUNDS, seen: 0 };
    expect(facts!.settings.slice(0, 2)).toMatchObject([
      { semiSpace: 'default', quiet: 0, smallAtFirst: none, small: none, pretenuring: none },
      {
        semiSpace: 'default',
        quiet: QUIET,
        smallAtFirst: { processes: ROUNDS, seen: 4 },
        small: none,
        sizes: [32, 32],
      },
    ]);
    expect(facts).toMatchObject({ smallCost: { estimate: expect.closeTo(1.5, 6) }, pretenuringCost: undefined });
    expect(facts).toMatchObject({ advice: { semiSpace: 16, cpu: exactly(1) } });
  });

  it('have the share of processes that pretenure and their cost, apart from that of the others', () => {
    const [facts] = factsOf(run('v20.1.0', { default: pretenured, atOnce: pretenured }));
    expect(facts!.settings.slice(0, 2)).toMatchObject([
      { quiet: 0, pretenuring: { processes: ROUNDS, seen: 4 } },
      {
        quiet: QUIET,
        pretenuring: { processes: ROUNDS, seen: 4 },
        costs: { pretenuring: { processes: 4, counted: 4 }, others: { processes: 8, cpuAgainst16: exactly(1) } },
      },
    ]);
    expect(facts).toMatchObject({ pretenuringCost: { estimate: expect.closeTo(2, 6) }, smallCost: undefined });
    expect(facts).toMatchObject({ advice: { semiSpace: 16, cpu: exactly(1) } });
  });

  it('do not take a full collection that falls into one measurement for pretenuring', () => {
    const cells = run('v20.1.0', { default: { ...steady(30, 32), gc: everyThird(1.9, 1) } }).cells;
    const collected = cells.map((cell) =>
      cell.metric === 'gc-against-reference' && cell.params['after'] === LATE
        ? { ...cell, blocks: cell.blocks.map((value) => value! + 5) }
        : cell,
    );
    expect(factsOf({ cells: collected })[0]!.settings[1]).toMatchObject({
      pretenuring: { processes: ROUNDS, seen: 0 },
    });
  });

  it('do not take a small young generation, which is collected more often, for pretenuring', () => {
    const small: Given = { ...steady(45, 16), gc: () => 3 };
    expect(factsOf(run('v20.1.0', { default: small }))[0]).toMatchObject({
      settings: { 1: { small: { seen: ROUNDS }, pretenuring: { processes: ROUNDS, seen: 0 } } },
      pretenuringCost: undefined,
    });
  });

  it('advise the default where no process was small or pretenured', () => {
    const [facts] = factsOf(run('v24.1.0', { default: steady(30, 64) }));
    expect(facts).toMatchObject({ smallCost: undefined, pretenuringCost: undefined, advice: { semiSpace: 'default' } });
  });

  it('advise the default where a small process is shown to cost little', () => {
    const always = (us: number): Given => ({ ...steady(30, 32), early: steady(us, 16) });
    const advised = (us: number) => factsOf(run('v20.1.0', { default: always(us), atOnce: always(us) }))[0]!.advice;
    expect(advised(31)).toMatchObject({ semiSpace: 'default' });
    expect(advised(32)).toMatchObject({ semiSpace: 16 });
  });

  it('advise a larger size only where it is shown to save 5%', () => {
    const saving = (us: number) => factsOf(run('v20.1.0', { default: shrunk, 64: steady(us, 128) }))[0]!.advice;
    expect(saving(28.6)).toMatchObject({ semiSpace: 16 });
    expect(saving(28.4)).toMatchObject({ semiSpace: 64 });
  });

  it('advise no size under which processes were small, be it at first or at last', () => {
    const small: Given = { ...steady(30, 32), size: everyThird(16, 32), early: steady(30, 32) };
    expect(factsOf(run('v20.1.0', { 16: small, 32: small, 64: shrunk, default: shrunk }))[0]!.advice).toBeUndefined();
    expect(factsOf(run('v20.1.0', { default: shrunk, 16: small }))[0]!.advice).toMatchObject({ semiSpace: 32 });
    expect(factsOf(run('v20.1.0', { default: shrunk, 16: shrunk }))[0]!.advice).toMatchObject({ semiSpace: 32 });
  });

  it('count a process that was not saturated among the sizes, and not among the costs', () => {
    const [facts] = factsOf(run('v20.1.0', { default: { ...shrunk, idle: 'the server was not saturated' } }));
    expect(facts!.settings[1]).toMatchObject({
      smallAtFirst: { processes: ROUNDS, seen: 4 },
      pretenuring: { processes: 0 },
      costs: { processes: ROUNDS, counted: 0, cpu: undefined },
    });
    expect(facts!.smallCost).toBeUndefined();
  });

  it('stand in the order of the versions', () => {
    const cells = ['v24.1.0', 'v9.1.0', 'v20.1.0'].flatMap((node) => run(node, { default: shrunk }).cells);
    expect(factsOf({ cells }).map(({ node }) => node)).toEqual(['v9.1.0', 'v20.1.0', 'v24.1.0']);
  });
});

describe('the words of a run', () => {
  const bad = { ...pretenured, early: { cpu: everyThird(60, 45), size: everyThird(32, 16) } };
  const both = {
    environment,
    cells: [...run('v20.1.0', { default: bad }).cells, ...run('v24.1.0', { default: steady(30, 64) }).cells],
  };
  const text = runtimeSection(both);

  it('say what happens under the defaults, what that costs, and what to set', () => {
    expect(lineOf(text, 'v20.1.0')).toBe(
      '- **Node v20.1.0**: after 20,000 messages under the defaults, the young generation was small in 8 of 12 processes after 20 s without load (34% to 91%), ' +
        'and in none of 12 processes without this wait (at most 27%). ' +
        'CPU per message while it was small, against 16 MiB: +50% (+50% to +50%). ' +
        'After 100,000 messages it was small in none of 12 processes after 20 s without load (at most 27%), and in none of 12 processes without this wait (at most 27%). ' +
        'V8 pretenured in 4 of 12 processes after 20 s without load (9% to 66%), and in none of 12 processes without this wait (at most 27%). ' +
        'CPU per message of these processes, against 16 MiB: +100% (too few processes for an interval). ' +
        '**To exclude this, set `--min-semi-space-size=16 --max-semi-space-size=16 --no-allocation-site-pretenuring`. ' +
        'Against processes under the defaults that do not pretenure (after 20 s without load, where the round has one), CPU per message: no difference found (+0% to +0%); resident memory: no difference found (+0 MiB to +0 MiB).**',
    );
    expect(text).toContain('`NODE_OPTIONS` does not take `--min-semi-space-size`');
  });

  it('say which Node needs nothing, and how sure that is', () => {
    expect(lineOf(text, 'v24.1.0')).toBe(
      '- **Node v24.1.0**: after 20,000 messages under the defaults, the young generation was small in none of 12 processes after 20 s without load (at most 27%), ' +
        'and in none of 12 processes without this wait (at most 27%). ' +
        'V8 pretenured in none of 12 processes after 20 s without load (at most 27%), and in none of 12 processes without this wait (at most 27%). ' +
        '**Leave the defaults: no other size was shown to save 5% of CPU per message.**',
    );
  });

  it('say which releases were not measured, and the command that installs them', () => {
    expect(text).toContain('Not measured, because not installed: Node 22.');
    expect(text).toContain('`npm install --no-save --no-bin-links node-22@npm:node@22 node-24@npm:node@24`');
  });

  it('claim nothing from too few processes', () => {
    const few = lineOf(runtimeSection(run('v20.1.0', { default: bad }, 2)), 'v20.1.0');
    expect(few).toContain('in 1 of 2 processes after 20 s without load (1% to 99%)');
    expect(few).toContain('+50% (too few processes for an interval)');
    expect(few).toContain('too few CPU figures to compare larger sizes');
  });

  it('tell that nothing was measured where no process was busy', () => {
    const idle: Given = { ...bad, idle: 'the server was not saturated' };
    expect(lineOf(runtimeSection(run('v20.1.0', { default: idle, atOnce: idle })), 'v20.1.0')).toBe(
      '- **Node v20.1.0**: no process was measured at full load under the defaults.',
    );
  });

  it('have a row for each Node, size and quiet time, and one for each kind where there are both', () => {
    const rows = text.split('\n').filter((line) => /^\| v\d/.test(line));
    expect(rows).toHaveLength(12);
    expect(rows.slice(1, 4)).toEqual([
      '| v20.1.0 | default | 20 s | 8 of 12 (34% to 91%) | 0 of 12 (at most 27%) | 32.0 MiB | 4 of 12 (9% to 66%) |  |  |  |  |',
      expect.stringMatching(
        /default, pretenures \| 20 s \|.* \| 90\.\d us \| \+100% \(too few .*\) \| 132 MiB \| \+0 MiB/,
      ),
      expect.stringMatching(/default, does not \| 20 s \|.* \| 45\.\d us \| no difference found/),
    ]);
  });
});
