import { describe, expect, it } from 'vitest';
import { reportRun } from '../../test/support/report-run.ts';
import type { Run } from '../model/run-file.ts';
import { entriesOf } from '../report/entry-labels.ts';
import { noiseOf } from '../model/noise.ts';
import { chartsOf } from './sections.ts';
import { frontierChart } from '../report/charts/frontier-chart.ts';
import { latencyChart } from '../report/charts/latency-chart.ts';
import { ratioChart } from '../report/charts/ratio-chart.ts';
import { scalingChart } from '../report/charts/scaling-chart.ts';

const params = { load: 'saturated' };
const run = reportRun();
const ofTwin = run.cells.find(({ role, params: { load } }) => role === 'twin' && load === 'saturated')!;
const floor = noiseOf(run, ofTwin);
const suite = 'parse-cost';
const silent = (of: Run): Run => ({ ...of, cells: of.cells.filter(({ role }) => role !== 'twin') });
const hostile = '</script><img src=x onerror=alert(1)>';
const count = (text: string, what: string | RegExp): number => text.split(what).length - 1;

const scaling = {
  title: 'Memory over connections',
  xLabel: 'connections',
  yLabel: 'MiB',
  series: [
    {
      label: 'Session',
      points: [
        [0, 80],
        [1000, 120],
      ] as const,
      heldOut: [2000, 158] as const,
      fit: { intercept: 80, slope: 0.04 },
    },
  ],
};

const drawAll = (of: Run): Record<string, string> => ({
  ratio: ratioChart(of, { suite, params })!,
  latency: latencyChart(of)!,
  frontier: frontierChart(of, { params })!,
  scaling: scalingChart({ ...scaling, title: of.entries['session']!.title })!,
});

const bar = /class="row" data-role="(\w+)".*?d="M([\d.]+) [\d.]+H([\d.]+)".*?translate\(([\d.]+) /gs;

describe('every chart', () => {
  it.each(Object.entries(drawAll(run)))('%s is a picture with a title and a description', (_, svg) => {
    expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*>\n<title>[^<]+<\/title>\n<desc>[^<]+<\/desc>/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each(Object.keys(drawAll(run)))('%s takes a hostile title as text', (name) => {
    const entries = Object.fromEntries(
      Object.entries(run.entries).map(([id, entry]) => [id, { ...entry, title: `${hostile} ${id}` }]),
    );
    const svg = drawAll({ ...run, entries })[name]!;
    expect(svg).not.toContain('<img');
    expect(svg).not.toContain('</script>');
    expect(svg).toContain('&lt;/script&gt;&lt;img');
  });

  it('is none where the run has nothing to draw', () => {
    const empty = reportRun({ cells: [] });
    const drawn = [ratioChart(empty, { suite }), latencyChart(empty), frontierChart(empty)];
    expect([...drawn, scalingChart({ ...scaling, series: [] })]).toEqual([null, null, null, null]);
  });
});

describe('the ratio chart', () => {
  const svg = ratioChart(run, { suite, params })!;

  it('has a row for everyone but the no-auth baseline', () => {
    const others = run.cells.filter(
      ({ suite: of, metric, role, params: { load } }) =>
        of === suite && metric === 'server-cpu-per-message' && load === 'saturated' && role !== 'baseline',
    );
    expect(count(svg, 'class="row"')).toBe(others.length);
  });

  it('draws each estimate within its interval', () => {
    const bars = [...svg.matchAll(bar)].map(([, , ...pixels]) => pixels.map(Number) as [number, number, number]);
    expect(bars.length).toBeGreaterThan(10);
    for (const [from, to, at] of bars) expect([from, at, to]).toEqual([from, at, to].toSorted((a, b) => a - b));
  });

  it('finds no difference and draws an open mark for what is below the noise floor, even where its interval leaves 1 out', () => {
    const cells = run.cells.map((cell) =>
      cell.role === 'strategy' && cell.ratio
        ? { ...cell, ratio: { ...cell.ratio, estimate: 1.02, ciLow: 1.01, ciHigh: 1.03 } }
        : cell,
    );
    const drawn = ratioChart({ ...run, cells }, { suite, params })!;
    expect(count(drawn, '>no difference found (+1.0% to +3.0%)<')).toBe(8);
    expect(ratioChart(silent({ ...run, cells }), { suite, params })).toContain('>1.02 [1.01, 1.03]<');
  });

  it('shades the noise floor, as far to either side of 1 as the twin reaches', () => {
    expect(floor!.low * floor!.high).toBeCloseTo(1);
    expect(count(svg, 'class="band"')).toBe(2);
    expect(count(ratioChart(silent(run), { suite, params })!, 'class="band"')).toBe(0);
  });

  it('says why a row is void', () => {
    expect(svg).toContain('>void: the server was not saturated: utilisation 0.91 in 3 of 12 blocks<');
  });

  it('cuts off an interval that is far wider than what was measured', () => {
    const cells = run.cells.map((cell) =>
      cell.role === 'strategy' && cell.ratio ? { ...cell, ratio: { ...cell.ratio, ciHigh: 1e9 } } : cell,
    );
    const right = [...ratioChart({ ...run, cells }, { suite, params })!.matchAll(bar)].map(([, , , to]) => Number(to));
    expect(Math.max(...right)).toBeLessThan(720);
  });
});

it('strategies have a colour each, however many peers there are', () => {
  const library = { ...run.cells.find(({ role }) => role === 'peer')!, variant: null };
  const libraries = Array.from({ length: 9 }, (_, index) => ({ ...library, strategy: `a-${index}` }));
  const fleet = { ...run, cells: [...libraries, ...run.cells] };
  const entries = entriesOf(fleet, fleet.cells).filter(({ role }) => role === 'strategy');
  expect(new Set(entries.map(({ hue }) => hue)).size).toBe(new Set(entries.map(({ strategy }) => strategy)).size);
});

describe('the frontier chart', () => {
  const svg = frontierChart(run, { params })!;

  it('draws what had not ended open, with an arrow, and tells it as a bound', () => {
    const points = [...svg.matchAll(/<g class="point.*?<\/g>/gs)].map(([text]) => text);
    const open = points.filter((point) => point.includes('class="open"'));
    expect(open).toHaveLength(6);
    for (const point of points) expect(point.includes('v-18')).toBe(point.includes('class="open"'));
    expect(svg).toContain('&gt; 2002 ms');
  });

  it('tells a cost with its interval, or the interval alone where no difference was found', () => {
    expect(svg).toMatch(/>[-+][\d.]+ to [-+][\d.]+ us, 0 ms</);
    expect(svg).toMatch(/>136 \[\d+, \d+\] us, &gt; 2002 ms</);
  });

  it('puts no number of a point over another', () => {
    const numbers = [...svg.matchAll(/number middle halo" x="([\d.]+)" y="([\d.]+)"/g)].map(([, x, y]) => [+x!, +y!]);
    expect(numbers).toHaveLength(10);
    for (const [index, [x, y]] of numbers.entries()) {
      const near = numbers.slice(index + 1).filter(([a, b]) => Math.abs(a! - x!) < 16 && Math.abs(b! - y!) < 12);
      expect(near).toEqual([]);
    }
  });
});

it('the latency chart has the no-auth baseline beside every curve, and tells the longest of all in words', () => {
  const svg = latencyChart(run)!;
  expect(count(svg, '>no-auth baseline, at most 4.66 ms<')).toBe(13);
  expect(count(svg, 'class="curve')).toBe(13 + 17);
});

it('the latency chart tells an open loop where there is one', () => {
  const at = (load: string) =>
    run.cells.filter(({ metric }) => metric === 'latency-p50').map((cell) => ({ ...cell, params: { load } }));
  expect(latencyChart({ ...run, cells: [...at('saturated'), ...at('2000/s')] })).toContain('load 2000/s');
  expect(latencyChart({ ...run, cells: at('saturated') })).toContain('load saturated');
});

it('a run has a chart of what a connection costs and of the platform layers', () => {
  const files = chartsOf(run).map(({ file }) => file);
  expect(files).toEqual(expect.arrayContaining(['cost-saturated.svg', 'cost-connection.svg', 'platform-layers.svg']));
});

it('the scaling chart marks the point that was held out, and says what the line predicted', () => {
  const svg = scalingChart(scaling)!;
  expect(count(svg, 'class="held-out"')).toBe(1);
  expect(svg).toContain('held out 158, predicted 160');
});
