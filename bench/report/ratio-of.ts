import { verdictOf } from '../model/noise.ts';
import type { Cell, Run } from '../model/run-file.ts';
import { added, addedBriefly, ratio } from './format.ts';

/** A cell's ratio against the no-auth baseline, as every page prints it. */
export const ratioOf = (run: Run, cell: Cell | undefined): string =>
  cell?.void !== undefined || !cell?.ratio ? '' : ratio(cell.ratio, verdictOf(run, cell));

/** What a cell adds to the no-auth baseline, as every page prints it. */
export const addedOf = (run: Run, cell: Cell | undefined): string =>
  cell?.void !== undefined || !cell?.added ? '' : added(cell.added, cell.unit, verdictOf(run, cell));

/** The same in few words, for a picture. */
export const brieflyOf = (run: Run, cell: Cell | undefined): string =>
  cell?.void !== undefined || !cell?.added ? '' : addedBriefly(cell.added, cell.unit, verdictOf(run, cell));
