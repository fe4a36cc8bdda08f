import { describe, expect, it } from 'vitest';
import { loadEntries } from './entries.ts';
import { plan } from './plan.ts';
import { profiles } from './model/profiles.ts';
import { select } from './selection.ts';
import { nameOf } from './model/entry.ts';
import { suites } from './suites/registry.ts';

const entries = await loadEntries();
const profileOf = (id: string) => profiles.find((profile) => profile.id === id)!;
const [quick, full] = [profileOf('quick'), profileOf('full')];
const planned = (profile: typeof quick, narrowed: Parameters<typeof select>[2] = {}) => {
  const chosen = select({ suites, entries }, profile, narrowed);
  return { ...chosen, blocks: plan(chosen.suites, chosen.entries, profile) };
};
const groups = (blocks: ReturnType<typeof plan>, repetition: number) =>
  blocks.filter((block) => block.key.startsWith('group') && block.repetition === repetition);
const namesIn = ({ label }: { label: string }): string[] => label.split(': ')[1]!.split(', ');
const baseline = nameOf(entries.find(({ role }) => role === 'baseline')!);
const withoutBaseline = (names: readonly string[]): string[] => names.filter((name) => name !== baseline);

describe('a plan', () => {
  it('is the same for the same seed, and another for another', () => {
    const keys = (seed: number) => planned({ ...quick, seed }).blocks.map(({ label }) => label);
    expect(keys(1)).toEqual(keys(1));
    expect(keys(1)).not.toEqual(keys(2));
  });

  it.each([quick, full])(
    '$id: has every entry once in each of its repetitions, in a group with a baseline and few servers',
    (profile) => {
      const { blocks, entries: taking } = planned(profile);
      const { repetitions } = profile;
      for (let repetition = 0; repetition < repetitions; repetition++) {
        const hands = groups(blocks, repetition).map(namesIn);
        expect(Math.max(...hands.map(({ length }) => length))).toBeLessThanOrEqual(profile.groupSize);
        for (const hand of hands) expect(hand).toContain(baseline);
        const others = hands.flatMap(withoutBaseline);
        expect(others.toSorted()).toEqual(
          taking
            .filter(({ role }) => role !== 'baseline')
            .map(nameOf)
            .toSorted(),
        );
      }
    },
  );

  it('groups only entries that the same suites take, so that no baseline has a load that the others have not', () => {
    const { blocks, entries: taking, suites: chosen } = planned(full);
    const suitesOf = (name: string) => {
      const { role } = taking.find((entry) => nameOf(entry) === name)!;
      return chosen
        .flatMap(({ id, takes, stages }) => (stages !== undefined && takes.includes(role) ? [id] : []))
        .join();
    };
    for (const hand of groups(blocks, 0).map(namesIn)) {
      expect(new Set(withoutBaseline(hand).map(suitesOf)).size).toBe(1);
    }
  });

  it('deals the entries anew in each repetition', () => {
    const { blocks } = planned(quick);
    expect(groups(blocks, 0).map(namesIn)).not.toEqual(groups(blocks, 1).map(namesIn));
  });

  it('draws the place in which the baseline starts, as that of every other entry', () => {
    const { blocks } = planned(full);
    const hands = Array.from({ length: full.repetitions }, (_, repetition) => groups(blocks, repetition).map(namesIn));
    const placesOf = (name: string) =>
      new Set(hands.flat().flatMap((hand) => (hand.includes(name) ? [hand.indexOf(name)] : [])));
    for (const name of [baseline, '_twin']) expect(placesOf(name).size).toBeGreaterThan(5);
  });

  it('has no group in a repetition in which no suite measures one', () => {
    const { blocks } = planned(quick, { suite: 'churn' });
    const repetitions = blocks.filter(({ key }) => key.startsWith('group')).map(({ repetition }) => repetition);
    expect(Math.max(...repetitions)).toBe(5);
    expect(quick.repetitions).toBeGreaterThan(6);
  });

  it('measures the messages of peers in 9 of the 12 repetitions of full, and in all of them if the run is of a peer alone', () => {
    const peer = entries.find(({ role }) => role === 'peer')!;
    const repetitionsWith = (suite: string, name: string, { blocks }: ReturnType<typeof planned>) =>
      blocks.filter(
        ({ key, label }) =>
          key.startsWith('group') &&
          label.split(': ')[0]!.split(', ').includes(suite) &&
          namesIn({ label }).includes(name),
      ).length;
    expect(repetitionsWith('parse-cost', nameOf(peer), planned(full))).toBe(9);
    expect(repetitionsWith('churn', nameOf(peer), planned(full))).toBe(12);
    expect(repetitionsWith('parse-cost', '_twin', planned(full))).toBe(12);
    expect(repetitionsWith('parse-cost', nameOf(peer), planned(full, { strategy: peer.strategy }))).toBe(12);
  });

  it('knows each block by a key of its own', () => {
    const keys = planned(full).blocks.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('keeps within the time of its profile by its own estimate: so many seconds a strategy', async () => {
    const { expectedSeconds } = await import('./engine/runner.ts');
    const strategies = new Set(entries.filter(({ role }) => role === 'strategy').map(({ strategy }) => strategy)).size;
    expect(expectedSeconds(planned(quick).blocks)).toBeLessThan(72 * strategies);
    expect(expectedSeconds(planned(full).blocks)).toBeLessThan(540 * strategies);
  });
});

describe('what is selected', () => {
  const roles = (narrowed: Parameters<typeof select>[2]) =>
    new Set(select({ suites, entries }, quick, narrowed).entries.map(({ role }) => role));

  it('by name has the baseline, its twin and a control beside it, and no other', () => {
    const { entries: some } = select({ suites, entries }, quick, { strategy: 'session' });
    expect(new Set(some.map(({ strategy }) => strategy))).toEqual(
      new Set(['_no-auth', '_twin', '_busy-20us', 'session']),
    );
  });

  it('by suite brings what only that suite is about', () => {
    expect(roles({ suite: 'platform-floor' })).toContain('platform-layer');
    expect(roles({ suite: 'parse-cost' })).not.toContain('platform-layer');
  });
});
