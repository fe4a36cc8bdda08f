import { describe, it } from 'vitest';
import { loadStrategies } from '../strategies/registry.ts';
import { variantNames } from '../strategies/strategy.ts';
import { expiry } from './promises/expiry.ts';
import { handshake } from './promises/handshake.ts';
import { refreshing } from './promises/refresh.ts';
import { revocation } from './promises/revocation.ts';
import { subjectOf } from './support/promise.ts';

const promises = [...handshake, ...expiry, ...revocation, ...refreshing];
const ids = promises.map(({ id }) => id);

const strategies = await loadStrategies();

/** A declared deviation is an expected failure, so that the list of them cannot rot. */
describe.each(strategies)('$id', (strategy) => {
  describe.each(variantNames)('%s', (name) => {
    const variant = strategy.variants[name];

    it('declares deviations from promises that exist and apply', ({ expect }) => {
      const applying = promises.filter(({ applies }) => applies?.(variant, strategy) ?? true).map(({ id }) => id);
      expect(applying).toEqual(expect.arrayContaining(Object.keys(variant.deviations)));
      expect(new Set(ids).size).toBe(ids.length);
    });

    for (const { id, title, applies, run } of promises) {
      if (!(applies?.(variant, strategy) ?? true)) continue;
      const test = Object.hasOwn(variant.deviations, id) ? it.fails : it;
      test(`${id}: ${title}`, async ({ onTestFinished }) => {
        const { subject, dispose } = subjectOf(strategy, name);
        onTestFinished(dispose);
        await run(subject);
      });
    }
  });
});
