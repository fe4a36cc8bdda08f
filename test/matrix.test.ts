import { describe, it } from 'vitest';
import { audits } from '../audits/engine/catalogue.ts';
import { notApplicable } from '../audits/engine/audit.ts';
import { subjectOf } from '../audits/engine/subject.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { variantNames } from '../strategies/strategy.ts';

const strategies = await loadStrategies();

/** A declared deviation is an expected failure, so that the list of them cannot rot. */
describe.each(strategies)('$id', (strategy) => {
  describe.each(variantNames)('%s', (name) => {
    const { deviations } = strategy.variants[name];
    const applying = audits.filter((audit) => notApplicable(audit, strategy, name) === undefined);

    it('declares deviations from promises that exist and apply', ({ expect }) => {
      expect(applying.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(deviations)));
    });

    // Checks that load the process come first and run one at a time; the others mostly wait, so they run side by side.
    for (const audit of applying.toSorted((a, b) => Number(b.destructive ?? false) - Number(a.destructive ?? false))) {
      const test = Object.hasOwn(deviations, audit.id) ? it.fails : it;
      test(`${audit.id}: ${audit.promise}`, { concurrent: !audit.destructive }, async ({ onTestFinished }) => {
        const { subject, dispose } = subjectOf(strategy, name);
        onTestFinished(dispose);
        await audit.inside(subject);
      });
    }
  });
});
