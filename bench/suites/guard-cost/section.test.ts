import { metrics } from '../registry.ts';
import { describe, expect, it } from 'vitest';
import { exampleRun } from '../../../test/support/run.ts';
import { toCells } from '../../model/cells.ts';
import type { EntryKey } from '../../model/entry.ts';
import type { Recorded } from '../../model/sample.ts';
import { guardBesideMessage, guardSection } from './section.ts';
import { renderHtml } from '../../pages/html/render-html.ts';
import { messageSection } from '../parse-cost/section.ts';

const baseline: EntryKey = { role: 'baseline', strategy: '_no-auth', variant: 'hardened' };
const cheap: EntryKey = { role: 'strategy', strategy: 'cheap', variant: 'hardened' };
const dear: EntryKey = { role: 'strategy', strategy: 'dear', variant: 'hardened' };

const samplesOf = (entry: EntryKey, us: number, wrong?: string): Recorded[] =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((repetition) => ({
    suite: 'guard-cost',
    entry,
    repetition,
    block: `guard-cost ${repetition}`,
    metric: 'guard-time',
    value: us + repetition / 1000,
    params: {},
    ...(wrong === undefined ? {} : { wrong }),
  }));

const example = exampleRun();
const withGuards = (samples: readonly Recorded[]) => ({
  ...example,
  cells: [...example.cells, ...toCells(samples, metrics)],
});
const run = withGuards([...samplesOf(baseline, 0.15), ...samplesOf(cheap, 0.2), ...samplesOf(dear, 20)]);
const lineOf = (text: string, start: string): string => text.split('\n').find((line) => line.startsWith(start)) ?? '';

describe('the guard in the report', () => {
  it('has what each decision takes, and its ratio to the baseline', () => {
    expect(lineOf(guardSection(run), '| cheap')).toMatch(/0\.20\d us .* \| 1\.33 \[1\.3\d, 1\.33\] \|$/);
  });

  it('stands beside the whole message, without a row of the baseline', () => {
    const text = guardBesideMessage(run);
    expect(lineOf(text, '| dear')).toMatch(/\| 19\.9 \[19\.9, 19\.9\] us \| 84\.3 .*\|$/);
    expect(text).not.toContain('| baseline |');
    expect(messageSection(run)).toContain(text);
  });

  it('is left out of the message section where the run has no guards', () => {
    expect(guardBesideMessage(example)).toBe('');
    expect(messageSection(example)).not.toContain('guard');
  });

  it('says why a cell does not count, and gives no figure', () => {
    const wrong = withGuards([
      ...samplesOf(baseline, 0.15),
      ...samplesOf(dear, 20, 'the guard admitted a forged credential'),
    ]);
    expect(guardSection(wrong)).toContain('| void: the guard admitted a forged credential |');
    expect(lineOf(guardBesideMessage(wrong), '| dear')).toContain('| hardened |  |');
  });

  it('has its own columns in the page', () => {
    const page = renderHtml(run, 'run.json');
    expect(page).toContain('Added by the guard');
    expect(renderHtml(example, 'run.json')).not.toContain('Added by the guard');
  });
});
