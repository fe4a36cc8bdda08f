import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Deadlines, type Due } from '../../../gateways/connections/deadlines.ts';
import { createSystemClock, systemClock } from '../../../strategies/shared/clock.ts';
import { type Clock } from '../../../strategies/strategy.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';

const DAY = 24 * 60 * 60 * 1000;

interface Item extends Due {
  dueAt: number;
  readonly name: string;
}

/** Deadlines over a clock that counts its armed timers, and the names of what came due. */
function setUp(clock: Clock = new ManualClock()) {
  const due: string[] = [];
  const timers = { armed: 0, most: 0 };
  const counting: Clock = {
    ...clock,
    now: () => clock.now(),
    schedule(ms, run) {
      timers.armed += 1;
      timers.most = Math.max(timers.most, timers.armed);
      const cancel = clock.schedule(ms, () => {
        timers.armed -= 1;
        run();
      });
      return () => {
        timers.armed -= 1;
        cancel();
      };
    },
  };
  const deadlines = new Deadlines<Item>(counting, (item) => {
    due.push(item.name);
    item.dueAt = Infinity;
  });
  onTestFinished(() => deadlines.stop());
  const file = (name: string, delay: number): Item => {
    const item = { name, dueAt: clock.now() + delay };
    deadlines.file(item);
    return item;
  };
  return { deadlines, due, timers, file };
}

describe('deadlines', () => {
  it('come due in the order of their times, each once, whatever the order they were filed in', () => {
    const clock = new ManualClock();
    const { due, file } = setUp(clock);
    const delays = Array.from({ length: 200 }, (_, index) => ((index * 73) % 200) + 1);
    for (const delay of delays) file(`${delay}`, delay);
    for (let time = 0; time < 210; time += 7) clock.advance(7);
    expect(due.map(Number)).toEqual(delays.toSorted((a, b) => a - b));
  });

  it('come due at their time and not a millisecond before', () => {
    const clock = new ManualClock();
    const { due, file } = setUp(clock);
    file('a', 1000);
    clock.advance(999);
    expect(due).toEqual([]);
    clock.advance(1);
    expect(due).toEqual(['a']);
  });

  it.each([true, false])('that move later come due at the later time alone (told of it: %s)', (told) => {
    const clock = new ManualClock();
    const { deadlines, due, file } = setUp(clock);
    const item = file('a', 100);
    item.dueAt += 100;
    if (told) deadlines.file(item);
    clock.advance(199);
    expect(due).toEqual([]);
    clock.advance(1);
    expect(due).toEqual(['a']);
    clock.advance(1000);
    expect(due).toEqual(['a']);
  });

  it('that move earlier come due at the earlier time alone', () => {
    const clock = new ManualClock();
    const { deadlines, due, file } = setUp(clock);
    const item = file('a', 200);
    item.dueAt -= 100;
    deadlines.file(item);
    clock.advance(100);
    expect(due).toEqual(['a']);
    clock.advance(1000);
    expect(due).toEqual(['a']);
  });

  it('that were dropped never come due, and those beside them do', () => {
    const clock = new ManualClock();
    const { deadlines, due, file } = setUp(clock);
    const items = Array.from({ length: 500 }, (_, index) => file(`${index}`, 100 + index));
    for (const item of items) if (item.name !== '250') deadlines.drop(item);
    clock.advance(1000);
    expect(due).toEqual(['250']);
  });

  it('that are far off hold nothing of what was dropped before them', async () => {
    const { deadlines, file } = setUp();
    const dropped = Array.from({ length: 1000 }, (_, index) => {
      const item = file(`${index}`, DAY);
      deadlines.drop(item);
      return new WeakRef(item);
    });
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    await setImmediate();
    collectGarbage();
    expect(dropped.filter((item) => item.deref() !== undefined).length).toBeLessThan(70);
  });

  it('have one timer armed at a time, and none once all have come', () => {
    const clock = new ManualClock();
    const { due, timers, file } = setUp(clock);
    for (const delay of [500, 100, 300, 50, 400]) file(`${delay}`, delay);
    expect(timers.armed).toBe(1);
    clock.advance(1000);
    expect(due).toHaveLength(5);
    expect(timers).toEqual({ armed: 0, most: 1 });
  });

  it('that are 30 days off come due then, on the real timer, and not at once', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { due, file } = setUp({ ...systemClock, longestWait: DAY });
    file('a', 30 * DAY);
    vi.advanceTimersByTime(30 * DAY - 1);
    expect(due).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(due).toEqual(['a']);
  });

  it('do not come after they were stopped', () => {
    const clock = new ManualClock();
    const { deadlines, due, file, timers } = setUp(clock);
    file('a', 100);
    deadlines.stop();
    expect(timers.armed).toBe(0);
    clock.advance(1000);
    expect(due).toEqual([]);
  });
});

describe('the time of day steps while a process runs', () => {
  const MINUTE = 60_000;

  /** A timer that has not come, and a time of day that is set by hand. */
  function stepped(by: number) {
    vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const clock = createSystemClock();
    const before = clock.now();
    const deadlines = setUp(clock);
    deadlines.file('soon', MINUTE);
    vi.setSystemTime(Date.now() + by);
    return { clock, before, ...deadlines };
  }

  it('forward: what is due by then comes due within a second, and not when its timer would have come', () => {
    const { due } = stepped(5 * MINUTE);
    vi.advanceTimersByTime(1000);
    expect(due).toEqual(['soon']);
  });

  it('back: the clock of the process does not, and what has expired stays expired', () => {
    const { clock, before, due } = stepped(-5 * MINUTE);
    expect(clock.now()).toBeGreaterThanOrEqual(before);
    vi.advanceTimersByTime(1000);
    expect(due).toEqual([]);
  });
});

it('the system clock runs a 30-day schedule neither at once nor after a day', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let ran = false;
  onTestFinished(systemClock.schedule(30 * DAY, () => (ran = true)));
  vi.advanceTimersByTime(DAY);
  expect(ran).toBe(false);
});
