import { describe, expect, it, vi } from 'vitest';
import { Field, type Stall } from './field.ts';

const stallOf = (strategy: string): Stall =>
  ({ arm: { strategy, variant: null, role: 'contestant' }, server: { stop: vi.fn<() => void>() } }) as unknown as Stall;
const fails = () => Promise.reject(new Error('no more'));

describe('Field.guard', () => {
  it('takes an arm that fails out of the field, and tells why', async () => {
    const [one, other] = [stallOf('one'), stallOf('other')];
    const field = new Field(undefined as never, [one, other]);
    await field.guard(one, fails);
    expect(field.stalls).toEqual([other]);
    expect(field.failures).toEqual(['one: no more']);
  });

  it('asks nothing more of an arm that has left', async () => {
    const [one, other] = [stallOf('one'), stallOf('other')];
    const field = new Field(undefined as never, [one, other]);
    await field.guard(one, fails);
    const run = vi.fn<typeof fails>(fails);
    await field.guard(one, run);
    expect(run).not.toHaveBeenCalled();
    expect(field.stalls).toEqual([other]);
  });

  it('passes nobody over where an arm leaves between two others', async () => {
    const stalls = [stallOf('one'), stallOf('two'), stallOf('three')];
    const field = new Field(undefined as never, stalls);
    const asked: Stall[] = [];
    for (const stall of field.stalls) await field.guard(stall, () => (asked.push(stall), fails()));
    expect(asked).toEqual(stalls);
  });

  it('takes no other arm out where one fails twice at the same time', async () => {
    const [one, other] = [stallOf('one'), stallOf('other')];
    const field = new Field(undefined as never, [one, other]);
    await Promise.all([field.guard(one, fails), field.guard(one, fails)]);
    expect(field.stalls).toEqual([other]);
    expect(field.failures).toEqual(['one: no more']);
  });
});
