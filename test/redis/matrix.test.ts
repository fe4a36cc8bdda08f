import { describe, it } from 'vitest';
import { catalogue } from '../../audits/engine/catalogue.ts';
import { notApplicable } from '../../audits/engine/audit.ts';
import { subjectOf } from '../../audits/engine/subject.ts';
import { loadStrategies } from '../../strategies/registry.ts';
import { redisUrl } from '../support/stores.ts';

const strategies = (await loadStrategies()).filter(({ role }) => role === 'strategy');

/** What asks the stores most; `npm run audit -- --store redis` holds them to all of it. */
const topics = process.env['SOAK'] === undefined ? (['Refresh'] as const) : [...catalogue.keys()];

describe.skipIf(redisUrl === undefined).each(strategies)('$id hardened over Redis', (strategy) => {
  const asked = topics.flatMap((topic) => catalogue.get(topic) ?? []);
  for (const audit of asked.filter((each) => notApplicable(each, strategy, 'hardened') === undefined)) {
    it(`${audit.id}: ${audit.promise}`, async ({ expect, onTestFinished }) => {
      const store = { url: redisUrl! };
      const { subject, dispose } = subjectOf(strategy, 'hardened', { options: (given) => ({ ...given, store }) });
      onTestFinished(dispose);
      await expect(audit.inside(subject)).resolves.toBeUndefined();
    });
  }
});
