import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Entry } from '../model/entry.ts';
import { Group } from './group.ts';

vi.mock('../../harness/processes/generator.ts', () => ({
  startGenerator: async () => ({ call: { aim: async () => {} }, stop: async () => {} }),
}));
vi.mock('../../harness/processes/server.ts', () => ({
  startServer: async ({ spec }: { spec: { id: string } }) => {
    if (spec.id === 'slow') await delay(20);
    return { url: spec.id, stop: async () => {} };
  },
}));

it('has its entries in the order given, whichever server is up first', async () => {
  const entries = ['slow', 'fast', 'other'].map((id) => ({ strategy: id, spec: { id } }) as unknown as Entry);
  const group = await Group.start(entries);
  expect(group.runningEntries.map(({ entry }) => entry.strategy)).toEqual(['slow', 'fast', 'other']);
});
