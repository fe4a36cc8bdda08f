import { describe, expect, it } from 'vitest';
import { gate } from '../../test/support/gate.ts';
import { inLanes, turnsApart } from './lanes.ts';

describe('inLanes', () => {
  it('runs every item, at most so many at a time', async () => {
    let [running, most] = [0, 0];
    const seen: number[] = [];
    await inLanes([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running -= 1;
      seen.push(item);
    });
    expect([most, seen.toSorted((a, b) => a - b)]).toEqual([3, [1, 2, 3, 4, 5, 6, 7]]);
  });

  it('begins nothing after a failure, and rejects once what is under way has ended', async () => {
    const begun: string[] = [];
    const slow = gate();
    let over = false;
    const lanes = inLanes(['fails', 'slow', 'never'], 2, async (item) => {
      begun.push(item);
      if (item === 'fails') throw new Error('no more');
      await slow.passed;
      over = true;
    });
    setImmediate(() => slow.open());
    await expect(lanes).rejects.toThrow('no more');
    expect([over, begun]).toEqual([true, ['fails', 'slow']]);
  });
});

describe('turnsApart', () => {
  it('gives the first turn at once, and each further one after a pause, in the order in which they were asked for', async () => {
    const pauses: { ms: number; end: () => void }[] = [];
    const itsTurn = turnsApart(50, (ms) => new Promise((end) => pauses.push({ ms, end })));
    const begun: string[] = [];
    const asked = ['first', 'second', 'third'].map((name) => itsTurn().then(() => begun.push(name)));
    await asked[0];
    expect(begun).toEqual(['first']);
    pauses[0]!.end();
    await asked[1];
    expect(begun).toEqual(['first', 'second']);
    pauses[1]!.end();
    await asked[2];
    expect(pauses.map(({ ms }) => ms)).toEqual([50, 50, 50]);
  });
});
