import { expect, it } from 'vitest';
import { loadEntries } from '../../entries.ts';
import { profiles } from '../../model/profiles.ts';
import suite from './index.ts';

const full = profiles.find(({ id }) => id === 'full')!;

it('_template has a block for each repetition and each entry that it takes, under a key of its own', async () => {
  const entries = await loadEntries();
  const taken = entries.filter(({ role }) => role === 'baseline' || suite.takes.includes(role));
  const blocks = suite.blocks!(entries, full);
  expect(blocks).toHaveLength(6 * taken.length);
  expect(new Set(blocks.map(({ key }) => key)).size).toBe(blocks.length);
});
