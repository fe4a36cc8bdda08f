import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../../test/support/run.ts';
import type { Cell } from '../../model/run-file.ts';
import { verifySection } from './section.ts';

const run = exampleRun();
const cellOf = (metric: Cell['metric'], median: number, params: Cell['params']): Cell => ({
  ...run.cells[0]!, suite: 'verify-time', role: 'peer', strategy: 'fast-jwt', variant: null, metric, unit: 'us', median, params,
}); // prettier-ignore
const plain = cellOf('verify-time', 5, { library: 'fast-jwt', algorithm: 'HS256', cached: false });

describe('the section of the verification time', () => {
  it('has a second table of the times after other work', () => {
    const after = [0, 20].map((work) =>
      cellOf('verify-time-after-work', 6 + work, { library: 'fast-jwt', algorithm: 'HS256', work }),
    );
    const text = verifySection({ ...run, cells: [plain, ...after] });
    expect(text).toContain('| Library | HS256 |');
    expect(text).toMatch(/\| Library \| 0 us \| 20 us \|\n.*\n\| fast-jwt \| 6\.00 us \| 26\.0 us \|/);
  });

  it('has no second table where a run has no such times', () => {
    expect(verifySection({ ...run, cells: [plain] })).not.toContain('other work');
  });
});
