import { describe, expect, it, vi } from 'vitest';
import { Group, type RunningEntry } from './group.ts';

const runningOf = (strategy: string): RunningEntry =>
  ({
    entry: { strategy, variant: null, role: 'strategy' },
    server: { stop: vi.fn<() => void>() },
  }) as unknown as RunningEntry;
const fails = () => Promise.reject(new Error('no more'));

describe('Group.guard', () => {
  it('takes an entry that fails out of the group, and tells why', async () => {
    const [one, other] = [runningOf('one'), runningOf('other')];
    const group = new Group(undefined as never, [one, other]);
    await group.guard(one, fails);
    expect(group.runningEntries).toEqual([other]);
    expect(group.failures).toEqual(['one: no more']);
  });

  it('asks nothing more of an entry that has left', async () => {
    const [one, other] = [runningOf('one'), runningOf('other')];
    const group = new Group(undefined as never, [one, other]);
    await group.guard(one, fails);
    const run = vi.fn<typeof fails>(fails);
    await group.guard(one, run);
    expect(run).not.toHaveBeenCalled();
    expect(group.runningEntries).toEqual([other]);
  });

  it('passes nobody over where an entry leaves between two others', async () => {
    const runningEntries = [runningOf('one'), runningOf('two'), runningOf('three')];
    const group = new Group(undefined as never, runningEntries);
    const asked: RunningEntry[] = [];
    for (const running of group.runningEntries) await group.guard(running, () => (asked.push(running), fails()));
    expect(asked).toEqual(runningEntries);
  });

  it('takes no other entry out where one fails twice at the same time', async () => {
    const [one, other] = [runningOf('one'), runningOf('other')];
    const group = new Group(undefined as never, [one, other]);
    await Promise.all([group.guard(one, fails), group.guard(one, fails)]);
    expect(group.runningEntries).toEqual([other]);
    expect(group.failures).toEqual(['one: no more']);
  });
});
