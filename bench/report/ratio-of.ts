import { verdictOf } from '../model/noise.ts';
import type { Cell, Run } from '../model/run-file.ts';
import { added, ratio } from './format.ts';

/** A cell's ratio against the no-auth baseline, as every page prints it. */
export const ratioOf = (run: Run, cell: Cell | undefined): string =>
  cell?.void !== undefined || !cell?.ratio ? '' : ratio(cell.ratio, verdictOf(run, cell));

/** What a cell adds to the no-auth baseline, as every page prints it. */
export const addedOf = (run: Run, cell: Cell | undefined): string =>
  cell?.void !== undefined || !cell?.added ? '' : added(cell.added, cell.unit, verdictOf(run, cell));
