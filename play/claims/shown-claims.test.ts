import { expect, it } from 'vitest';
import type { ClaimsRecord } from '../../claims/record.ts';
import { ShownClaims } from './shown-claims.ts';

const id = 'disconnect-protects';
const platform = (nest: string, handledAsync: number) => ({
  nest,
  seen: { 'disconnect-in-base': { handledSync: 0, handledAsync }, 'after-super': { seenSync: true } },
});
const record: ClaimsRecord = {
  schemaVersion: 1,
  command: '',
  startedAt: '2026-01-01T00:00:00Z',
  commit: null,
  run: null,
  audit: null,
  platforms: [platform('12.0.0', 3), platform('11.0.0', 3)],
  observations: {},
  verdicts: { [id]: { outcome: 'refuted', figure: '', cites: [] } },
};

it('shows the published verdict of a claim with what was seen, and the refuted ones first', () => {
  const { all } = new ShownClaims(record, 'report.html');
  expect(all[0]).toMatchObject({
    id,
    published: { outcome: 'refuted', seen: 'Nest 12.0.0 and 11.0.0: handled sync: 0, handled async: 3' },
  });
  expect(all.length).toBeGreaterThan(5);
  expect(all.map((claim) => claim.id)).not.toContain('refresh-parse-cost');
});

it('judges what a demonstration sees now, and runs one at a time', async () => {
  const asked: string[] = [];
  let end = (): void => {};
  const claims = new ShownClaims(record, 'report.html', async (name) => {
    asked.push(name);
    await new Promise<void>((resolve) => (end = resolve));
    return platform('12.0.0', 0);
  });
  const tried = claims.try(id);
  await expect(claims.try(id)).rejects.toThrow('A demonstration is under way; wait for it');
  end();
  expect(await tried).toMatchObject({ outcome: 'supported' });
  expect(asked).toEqual(['disconnect-in-base']);
  expect(await claims.try('nothing-like-it')).toBeUndefined();
});
