import { describe, expect, it } from 'vitest';
import { reportRun } from '../../../test/support/report-run.ts';
import type { Cell } from '../../model/run-file.ts';
import { platformSection, residual, stepOf } from './section.ts';
import { rowsOf } from '../../report/rows.ts';

const run = reportRun();
/** A layer over blocks whose no-auth baseline took so long. */
const layer = (strategy: string, values: (number | null)[], noAuth: number[]): Cell => ({
  ...run.cells.find(({ role, metric }) => role === 'platform-layer' && metric === 'server-cpu-per-message')!,
  strategy,
  blocks: values,
  addeds: values.map((value, index) => value && value - noAuth[index]!),
  params: { load: 'saturated' },
});
const doors = [40, 60, 50, 45, 55, 70, 65];

describe('the platform layers', () => {
  it('stands in the order of its layers, whichever came first in the run', () => {
    const turned = { ...run, cells: run.cells.toReversed() };
    const names = rowsOf(turned, 'platform-floor').map(({ strategy }) => strategy);
    expect(names).toEqual(['raw-ws', 'socket-io', 'nest-gateway', '_no-auth']);
  });

  it('steps from pairs of blocks, so that what slows a whole block drops out', () => {
    const low = layer('raw-ws', [10, 30, 20, 15, 25, 40, 35], doors);
    const high = layer('socket-io', [15, 35, null, 20, 30, 45, 40], doors);
    expect(stepOf(high, low)).toEqual({ estimate: 5, ciLow: 5, ciHigh: 5 });
    const door: Cell = { ...low, role: 'baseline', blocks: doors, addeds: null };
    expect(stepOf(door, low)).toEqual({ estimate: 30, ciLow: 30, ciHigh: 30 });
  });

  it('steps without an interval where blocks are too few, and not at all where no two are pairs', () => {
    const low = layer('raw-ws', [10, 30, 20, null], doors);
    expect(stepOf(layer('socket-io', [15, 35, 25, 20], doors), low)).toEqual({
      estimate: 5,
      ciLow: null,
      ciHigh: null,
    });
    expect(stepOf(layer('socket-io', [null, null, null, 20], doors), low)).toBeUndefined();
    expect(stepOf({ ...low, addeds: null }, low)).toBeUndefined();
  });

  it('finds no difference in a step whose interval holds 0, and nothing beside a void layer', () => {
    const low = layer('raw-ws', [10, 30, 20, 15, 25, 40, 35], doors);
    const high = layer('socket-io', [15, 25, 21, 12, 29, 36, 38], doors);
    expect(platformSection({ ...run, cells: [low, high] })).toMatch(/no difference found \(-[\d.]+ to \+[\d.]+ us\)/);
    const voided = platformSection({ ...run, cells: [low, { ...high, median: 0, void: 'not saturated' }] });
    expect(voided).toContain('| void: not saturated |  |');
  });

  it('leaves a residual with the intervals of both figures in it', () => {
    const micro = { median: 100, ciLow: 96, ciHigh: 104 };
    expect(residual({ estimate: 190, ciLow: 187, ciHigh: 193 }, micro)).toEqual({
      estimate: 90,
      ciLow: 85,
      ciHigh: 95,
    });
    expect(residual({ estimate: 190, ciLow: 187, ciHigh: 193 }, { ...micro, ciLow: null })).toMatchObject({
      ciLow: null,
    });
  });
});
