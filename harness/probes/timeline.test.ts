import { describe, expect, it } from 'vitest';
import type { ConnectionFacts } from './connection-watch.ts';
import { joined, stretchesOf, without } from './spans.ts';
import { holderTimeline, honestTimeline } from './timeline.ts';

const every = (step: number, from: number, to: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

const FROM = 10_000;
const watched = { from: FROM, until: FROM + 4000, every: 50 };
const facts = (change: Partial<ConnectionFacts>): ConnectionFacts => ({
  open: [{ from: FROM - 5 }],
  worked: [],
  failed: [],
  renewals: [],
  ends: [],
  ...change,
});

describe('spans', () => {
  it('are stretches of moments that follow each other soon enough', () => {
    expect(stretchesOf([30, 10, 20, 100, 110], 50)).toEqual([
      [10, 30],
      [100, 110],
    ]);
  });

  it('are joined where they touch, and lose what is taken out', () => {
    expect(joined([[5, 8], [0, 5], [9, 10]])).toEqual([[0, 8], [9, 10]]); // prettier-ignore
    expect(without([[0, 10]], [[2, 3], [9, 12]])).toEqual([[0, 2], [3, 9]]); // prettier-ignore
  });
});

describe('the timeline of an honest client', () => {
  it('is entitled from each renewal to the next end that it knew of', () => {
    const ends = [
      { known: FROM - 5, at: FROM + 1000 },
      { known: FROM + 1300, at: FROM + 9000 },
    ];
    const { entitled, reconnects, open } = honestTimeline(
      facts({ ends, open: [{ from: FROM - 5, to: FROM + 1002 }, { from: FROM + 1350 }] }),
      watched,
      true,
    );
    expect(entitled).toEqual([
      [0, 1000],
      [1300, 4000],
    ]);
    expect(open).toEqual([
      [0, 1002],
      [1350, 4000],
    ]);
    expect(reconnects).toEqual([1350]);
  });

  it('is entitled by its activity where the server stops who is not, and only there', () => {
    const of = facts({ ends: [{ known: FROM, at: FROM + 1000 }], worked: every(50, FROM, FROM + 4000) });
    expect(honestTimeline(of, watched, true).entitled).toEqual([[0, 4000]]);
    expect(honestTimeline(of, watched, false).entitled).toEqual([[0, 1000]]);
  });

  it('is not entitled by an end that was past when the client named it', () => {
    const of = facts({ ends: [{ known: FROM + 500, at: FROM + 200 }] });
    expect(honestTimeline(of, watched, false).entitled).toEqual([]);
  });
});

it('the timeline of a holder counts what was served and refused, and is entitled until the end', () => {
  const trace = { worked: every(20, FROM, FROM + 1000), failed: [FROM + 1020], ended: true, closedAt: FROM + 1100 };
  expect(holderTimeline(trace, { ...watched, every: 20 }, FROM + 500)).toMatchObject({
    open: [[0, 1100]],
    entitled: [[0, 500]],
    served: [[0, 1000]],
    failed: [[1020, 1020]],
    count: { served: 51, failed: 1 },
  });
});
