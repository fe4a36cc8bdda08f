import { describe, expect, it } from 'vitest';
import { reportRun } from '../../../test/support/report-run.ts';
import type { Timeline } from '../../model/run-file.ts';
import { connectionTimelines } from './connection-timelines.ts';
import { staleSpans } from './timeline-lane.ts';

const run = reportRun();
const hostile = '</script><img src=x onerror=alert(1)>';
const picture = connectionTimelines(run)!;
const count = (text: string, what: string): number => text.split(what).length - 1;

/** The drawing of one entry. */
const lifeOf = (svg: string, strategy: string, variant = ''): string =>
  svg.split('<g class="life"').find((part) => part.includes(`data-strategy="${strategy}" data-variant="${variant}"`))!;

const connection = (change: Partial<Timeline['acts']>): Timeline['acts'] => ({
  open: [[0, 3000]],
  entitled: [[0, 1000]],
  served: [],
  failed: [],
  count: { served: 0, failed: 0 },
  renewals: [],
  reconnects: [],
  ...change,
});

describe.each(['svg', 'narrow'] as const)('the timelines as %s', (form) => {
  const svg = picture[form];

  it('are a picture with a title and the words of it', () => {
    expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*>\n<title>[^<]+<\/title>\n<desc>[^<]+<\/desc>/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('have a row of three lanes for each strategy and peer, the hardened ones first', () => {
    const rows = [...svg.matchAll(/data-strategy="([^"]+)" data-variant="([^"]*)"/g)].map(([, , variant]) => variant);
    expect(rows).toEqual([
      ...rows.filter((variant) => variant === 'hardened'),
      ...rows.filter((variant) => variant === 'as-published'),
      ...rows.filter((variant) => variant === ''),
    ]);
    expect(count(svg, 'class="lane"')).toBe(3 * rows.length);
    expect(rows).toHaveLength(11);
  });

  it('stripe what was served though it should not be, and nothing of a safe entry', () => {
    expect(count(lifeOf(svg, 'handshake-only', 'as-published'), 'class="stale"')).toBe(6);
    expect(count(lifeOf(svg, 'article-gateway'), 'class="stale"')).toBe(6);
    for (const strategy of ['handshake-only', 'session', 'access-refresh']) {
      const safe = lifeOf(svg, strategy, 'hardened');
      expect(count(safe, 'class="stale"')).toBe(0);
      expect(safe).toContain('class="is-open"');
      expect(safe).toContain('class="is-closed"');
    }
  });

  it('take what a run holds as text', () => {
    const cells = run.cells.map((cell) => ({ ...cell, strategy: `${hostile}${cell.strategy}` }));
    const timelines = run.timelines.map((one) => ({ ...one, strategy: `${hostile}${one.strategy}` }));
    expect(connectionTimelines({ ...run, cells, timelines })![form]).not.toContain('<img');
  });
});

it('a thin bar shows who renews nothing and is served, where the honest client does not show it', () => {
  const [first] = run.timelines.filter(({ variant }) => variant === 'hardened');
  const timelines = run.timelines.map((one) =>
    one.strategy === first!.strategy &&
    one.variant === first!.variant &&
    one.client === 'holder' &&
    one.end === 'expiry'
      ? { ...one, acts: connection({ served: [[0, 3000]] }) }
      : one,
  );
  const { svg } = connectionTimelines({ ...run, timelines })!;
  expect(count(lifeOf(svg, first!.strategy, 'hardened'), 'class="stale"')).toBe(1);
  expect(svg).toContain('Thin bar');
  expect(picture.svg).not.toContain('Thin bar');
});

it('the words name each entry and its three ends', () => {
  const lines = picture.text.split('\n');
  expect(lines).toHaveLength(11);
  expect(lines[0]).toMatch(/^access-refresh hardened\. At expiry: .+\. After sign-out: .+\. After a ban: .+\.$/);
});

it('there is no picture of a run that recorded no timelines', () => {
  expect(connectionTimelines({ ...run, timelines: [] })).toBeUndefined();
});

describe('what was served though it should not be', () => {
  it('goes from the end of the credential to the last use', () => {
    expect(staleSpans(connection({ served: [[0, 1300], [2000, 2900]] }))).toEqual([[1000, 2900]]); // prettier-ignore
  });

  it('is none while a connection is being closed, or after it was', () => {
    expect(staleSpans(connection({ served: [[0, 1150]] }))).toEqual([]);
    expect(staleSpans(connection({ open: [[0, 1000]], served: [[0, 2000]] }))).toEqual([]);
  });

  it('is each time between an end and the renewal that came too late', () => {
    const entitled: Timeline['acts']['entitled'] = [
      [0, 1000],
      [2000, 3000],
    ];
    expect(staleSpans(connection({ entitled, served: [[0, 3000]] }))).toEqual([[1000, 2000]]);
  });
});
