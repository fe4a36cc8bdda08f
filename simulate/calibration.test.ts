import { describe, expect, it } from 'vitest';
import { reportRun } from '../test/support/report-run.ts';
import type { Cell, Run } from '../bench/model/run-file.ts';
import { calibrated, type Costs } from './costs.ts';
import { errorsOf, heldOut } from './held-out.ts';
import { steady } from './model.ts';
import { simulationReport, simulationSummary, simulationText } from './report.ts';
import { usual } from './population.ts';

const COUNTS = [1, 2, 4];
const HOP = 0.7;
const known: Costs = {
  message: 0.1,
  connect: 2,
  renewal: 1.5,
  commands: { message: 8, connect: 0.9, renewal: 11, idleSecond: 9 },
  signOut: { cpu: { once: 2.2, perNode: 0.4 }, commands: { once: 12, perNode: 1 } },
  command: 0.02,
};
const quiet = {
  connections: 100,
  messages: 0,
  signOuts: 0.05,
  stays: Infinity,
  lifetime: Infinity,
  stores: 1,
  seed: 1,
};

/** What a run would have recorded where these were the costs, and nothing were noise. */
function recorded(costs: Costs, strategy: string): Cell[] {
  const [example] = reportRun().cells.filter(({ role }) => role === 'strategy');
  const cell = (metric: Cell['metric'], median: number, params: Cell['params']): Cell => ({
    ...example!, suite: 'scale', strategy, variant: 'hardened', metric, median, blocks: [median], params,
  }); // prettier-ignore
  return COUNTS.flatMap((nodes) => {
    const { signOut, commands } = costs;
    const ended = nodes === 1 ? undefined : steady({ ...quiet, costs, nodes, cores: 2, hop: HOP }).staleness;
    const asked = (op: string, value: number) => cell('store-commands', value, { op, nodes });
    return [
      asked('rare message', commands.message!),
      asked('connect', commands.connect),
      asked('renewal', commands.renewal),
      asked('idle second', commands.idleSecond),
      asked('sign-out', signOut.commands.once + (nodes - 1) * signOut.commands.perNode),
      cell('server-cpu-per-message', 1000 * costs.message, { nodes }),
      cell('server-cpu-per-connection', costs.connect, { nodes }),
      cell('server-cpu-per-renewal', costs.renewal, { nodes }),
      cell('server-cpu-per-sign-out', signOut.cpu.once + (nodes - 1) * signOut.cpu.perNode, { nodes }),
      cell('store-cpu-per-command', 1000 * costs.command, { nodes }),
      cell('revocation-p50', ended?.p50 ?? 1, { nodes }),
      cell('revocation-p99', ended?.p99 ?? 1, { nodes }),
    ];
  });
}

const runOf = (...cells: Cell[]): Run => reportRun({ cells });
const whole = runOf(...recorded(known, 'session'));
const changed = (isIt: (cell: Cell) => boolean, change: (cell: Cell) => Partial<Cell>): Run =>
  runOf(...whole.cells.map((cell) => (isIt(cell) ? { ...cell, ...change(cell) } : cell)));

describe('the calibration', () => {
  it('finds the costs that a run was made of', () => {
    const [{ costs } = { costs: undefined }] = calibrated(whole);
    const flat = (of: Costs | undefined) => [of?.message, of?.connect, of?.renewal, of?.command, of?.commands.message,
      of?.commands.connect, of?.commands.renewal, of?.commands.idleSecond, of?.signOut.cpu.once, of?.signOut.cpu.perNode,
      of?.signOut.commands.once, of?.signOut.commands.perNode]; // prettier-ignore
    for (const [index, value] of flat(known).entries()) expect(flat(costs)[index]).toBeCloseTo(value!, 9);
  });

  it('foretells the point that was held out within a hundredth', () => {
    const predicted = heldOut(whole, 1);
    expect(predicted).toHaveLength(10);
    for (const { what, error } of predicted) expect({ what, off: Math.abs(error!) < 1 }).toEqual({ what, off: true });
  });

  it.each([
    ['server-cpu-per-connection', 'CPU', -50],
    ['server-cpu-per-sign-out', 'CPU', -50],
    ['revocation-p50', 'staleness', -50],
  ] as const)('shows a %s that is another where it was held out', (metric, kind, off) => {
    const isIt = (cell: Cell) => cell.metric === metric && cell.params['nodes'] === 4;
    const predicted = heldOut(changed(isIt, ({ median }) => ({ median: 2 * median })), 1); // prettier-ignore
    expect(errorsOf(predicted, kind)?.worst).toBeCloseTo(-off, 0);
    expect(Math.min(...predicted.map(({ error }) => error!))).toBeCloseTo(off, 0);
  });

  it('gives all strategies one cost of being told: what one block of one of them says is noise', () => {
    const loud = { ...known, signOut: { ...known.signOut, cpu: { once: 2.2, perNode: 2 } } };
    const flat = { ...known, signOut: { ...known.signOut, cpu: { once: 3, perNode: 0 } } };
    const run = runOf(...recorded(known, 'session'), ...recorded(loud, 'loud'), ...recorded(flat, 'flat'));
    const told = calibrated(run).map(({ costs }) => costs.signOut.cpu.perNode);
    for (const each of told) expect(each).toBeCloseTo(0.4, 9);
  });

  it('foretells nothing of a run on too few numbers of nodes', () => {
    expect(heldOut(runOf(...whole.cells.filter(({ params }) => params['nodes'] !== 4)), 1)).toEqual([]);
  });
});

describe('the answer', () => {
  const population = { ...usual, connections: 1000 };

  it('comes before the calibration, on the page and on the terminal', () => {
    const page = simulationReport(whole, []);
    expect(page.indexOf('As built, 1,000,000 connections take')).toBeGreaterThan(0);
    expect(page.indexOf('As built, 1,000,000')).toBeLessThan(page.indexOf('The simulation was checked'));
    expect(page.indexOf('## 1,000,000 connections')).toBeLessThan(page.indexOf('| predicted |'));
    expect(simulationSummary(whole, population)).toMatch(/^As built, 1,000 connections take 2 nodes and 1 Redis/);
  });

  it('fits 80 columns and has no NaN, whatever is asked', () => {
    for (const change of [{}, { connections: 1 }, { connections: 1e9 }, { messages: 0, signOuts: 0 }]) {
      for (const run of [whole, runOf(...whole.cells.filter(({ params }) => params['nodes'] !== 4))]) {
        const text = simulationSummary(run, { ...population, ...change });
        expect(text).not.toMatch(/NaN|Infinity|undefined/);
        for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
      }
    }
  });
});

describe('the page', () => {
  const lineOf = (text: string, design: string) => text.split('\n').filter((line) => line.includes(design));
  const without = runOf(...whole.cells.filter(({ params }) => params['op'] !== 'rare message'));

  it('says that it was rendered in the file alone', () => {
    expect(simulationReport(whole, [])).toContain('Rendered from run.json');
    expect(simulationText(whole, [], { ...usual, connections: 1000 })).not.toContain('Rendered');
  });

  it('prints no figure of a store that nobody knows the load of, and says why', () => {
    const text = simulationText(without, [], { ...usual, connections: 1000 });
    expect(lineOf(text, '| as built')[0]).toMatch(/\| 2 \| [\d.]+ \|  \|  \|  \|  \|$/);
    expect(text).toContain('was not measured in this run');
    expect(simulationText(whole, [], { ...usual, connections: 1000 })).not.toContain('was not measured in this run');
  });

  it('prints no endless time, and says that nobody signs out', () => {
    const text = simulationText(whole, [], { ...usual, connections: 1000, signOuts: 0, messages: 0 });
    expect(text).not.toMatch(/Infinity|NaN/);
    expect(lineOf(text, '| as built')[0]).toContain('| no sign-outs |');
  });

  it('says how many were signed out falsely where that storm was measured', () => {
    const lost = { ...whole.cells[0]!, suite: 'storm', metric: 'false-logouts', median: 7010 } as const;
    const run = runOf(...whole.cells, { ...lost, params: { after: 'expiry', sockets: 10_000 } });
    expect(simulationReport(run, [])).toContain('| 7,010 of 10,000 |');
    expect(simulationReport(whole, [])).toContain('| not measured |');
  });
});
