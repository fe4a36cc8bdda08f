import { describe, expect, it } from 'vitest';
import { leftText, Pace } from './pace.ts';
import { Progress, type Step } from './progress.ts';

const step = (key: string, seconds = 10): Step => ({
  key,
  about: 'What authentication costs a message, which is a long sentence',
  label: `parse-cost: ${key}`,
  expected: seconds,
  cost: seconds,
});

/** Runs blocks of 10 s expected, each of which takes as long as it says, and notes what is shown after every second. */
function shown(seconds: readonly number[]) {
  const pace = new Pace(10 * seconds.length, 0);
  const [percents, lefts]: [number[], number[]] = [[], []];
  let now = 0;
  for (const [index, takes] of seconds.entries()) {
    pace.start(`${index}`, { expected: 10, cost: 10 }, now);
    for (let second = 0; second < takes; second++) {
      now += 1;
      percents.push(pace.percent(now));
      lefts.push(pace.left(now));
    }
    pace.finish(`${index}`, now);
  }
  return { percents, lefts, pace, now };
}

const rises = (values: readonly number[]): number[] =>
  values
    .slice(1)
    .map((value, index) => value - values[index]!)
    .filter((by) => by > 0);

describe('the pace', () => {
  it.each([
    ['as expected', Array.from({ length: 12 }, () => 10)],
    ['three times as slow', Array.from({ length: 12 }, () => 30)],
    ['three times as fast', Array.from({ length: 12 }, () => 4)],
    ['in fits and starts', [5, 30, 5, 30, 5, 30, 5, 30]],
  ])('%s: the percentage never falls, the time left never rises, and neither jumps', (_, seconds) => {
    const { percents, lefts, pace, now } = shown(seconds);
    expect(rises(percents.map((percent) => -percent))).toEqual([]);
    expect(rises(lefts)).toEqual([]);
    expect(Math.max(...rises(percents))).toBeLessThanOrEqual(10);
    expect(Math.max(...percents)).toBeLessThanOrEqual(99);
    expect(pace.left(now)).toBe(0);
  });

  it('learns that a run is slow: half way the time left is about right', () => {
    const { lefts } = shown(Array.from({ length: 20 }, () => 20));
    expect(lefts[200]).toBeGreaterThan(140);
    expect(lefts[200]).toBeLessThan(220);
  });

  it.each([
    [3, 'almost done'],
    [7, 'about 10 s left'],
    [41, 'about 45 s left'],
    [89, 'about 1 min left'],
    [260, 'about 4 min left'],
    [5400, 'about 1.5 h left'],
  ])('%d s is %s', (seconds, text) => expect(leftText(seconds)).toBe(text));
});

/** All that is written for so many blocks, 10 s each. */
function written(blocks: number, isTTY: boolean, env: NodeJS.ProcessEnv = {}, failure?: string): string {
  let [text, now] = ['', 0];
  const out = { isTTY, write: (chunk: string | Uint8Array) => ((text += String(chunk)), true) };
  const progress = new Progress(10 * blocks, out, { now: () => now, env });
  for (let index = 0; index < blocks; index++) {
    progress.started(step(`${index}`));
    now += 10;
    progress.finished(step(`${index}`), index === 0 ? failure : undefined);
  }
  progress.end();
  return text;
}

// eslint-disable-next-line no-control-regex
const bare = (text: string): string => text.replaceAll(/\u001B\[\d*[A-Za-z]/g, '');

describe('progress', () => {
  it.each([
    ['no terminal', false, {}],
    ['NO_COLOR', true, { NO_COLOR: '1' }],
    ['a terminal that can do nothing', true, { TERM: 'dumb' }],
  ] as const)('%s: a plain line at most every tenth of the run', (_, isTTY, env) => {
    const text = written(100, isTTY, env);
    for (const control of ['\r', '\u001B']) expect(text).not.toContain(control);
    const lines = text.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(9);
    expect(lines.length).toBeLessThanOrEqual(34);
    expect(lines[2]).toMatch(/^ {1,2}\d+%, about \d+ min left: What authentication costs/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('draws one line anew on a terminal, in colour, 60 columns at most, and leaves nothing behind', () => {
    const text = written(3, true);
    expect(text).toContain('\u001B[36m');
    expect(text).not.toContain('\n');
    expect(text.endsWith('\r\u001B[K')).toBe(true);
    for (const line of bare(text).split('\r')) expect(line.length).toBeLessThanOrEqual(60);
  });

  it('tells a failure at once, whatever is drawn', () => {
    expect(written(2, false, {}, 'it answered nobody')).toMatch(/^failed: parse-cost: 0: it answered nobody\n/);
    expect(bare(written(2, true, {}, 'it answered nobody'))).toContain('failed: parse-cost: 0: it answered nobody\n');
  });
});
