import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Entry } from '../model/entry.ts';
import { Group, inTurn } from './group.ts';

vi.mock('../../harness/processes/generator.ts', () => ({
  startGenerator: async () => ({ call: { aim: async () => {} }, keepTo: async () => {}, stop: async () => {} }),
}));
vi.mock('../../harness/processes/server.ts', () => ({
  startServer: async ({ spec }: { spec: { id: string } }) => {
    if (spec.id === 'slow') await delay(20);
    return { url: spec.id, keepTo: async () => {}, stop: async () => {} };
  },
}));

it('has its entries in the order given, whichever server is up first', async () => {
  const entries = ['slow', 'fast', 'other'].map((id) => ({ strategy: id, spec: { id } }) as unknown as Entry);
  const group = await Group.start(entries);
  expect(group.runningEntries.map(({ entry }) => entry.strategy)).toEqual(['slow', 'fast', 'other']);
});

const entry = { strategy: 'one', spec: { id: 'fast' } } as unknown as Entry;

it('measures none of one entry where a server could not be prepared, and tells why', async () => {
  const measured: string[] = [];
  const measure = async () => void measured.push('one');
  const prepare = async () => Promise.reject(new Error('no sign-in'));
  await expect(inTurn(entry, {}, [{ measure }, { prepare, measure }])).rejects.toThrow('no sign-in');
  expect(measured).toEqual([]);
});

it('prepares all servers of one entry before it measures the first, and returns the results in order', async () => {
  const done: string[] = [];
  const use = (name: string, wait: number) => ({
    prepare: async () => {
      await delay(wait);
      done.push(`${name} is prepared`);
    },
    measure: async () => {
      done.push(`${name} is measured`);
      return name;
    },
  });
  expect(await inTurn(entry, {}, [use('first', 20), use('second', 0)])).toEqual(['first', 'second']);
  expect(done).toEqual(['second is prepared', 'first is prepared', 'first is measured', 'second is measured']);
});
