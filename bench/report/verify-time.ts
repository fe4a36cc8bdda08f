import type { Cell, Run } from '../model/run-file.ts';

/** The time that a library took to verify an HS256 token that it had in no cache. */
export const verifyTimeOf = (run: Run, library: string): Cell | undefined =>
  run.cells.find(
    ({ metric, strategy, params, void: reason }) =>
      metric === 'verify-time' &&
      strategy === library &&
      params['algorithm'] === 'HS256' &&
      params['cached'] === false &&
      reason === undefined,
  );
