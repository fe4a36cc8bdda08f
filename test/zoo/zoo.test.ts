import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../audits/audit.ts';
import { audits } from '../../audits/index.ts';
import { outcomeOf } from '../../audits/runner.ts';
import { loadStrategy } from '../../strategies/registry.ts';
import { connections } from './connections.ts';
import { lifetimes } from './lifetimes.ts';
import { tokens } from './tokens.ts';

const zoo = [...connections, ...tokens, ...lifetimes];

/** The verifier is verified: each of these has one fault, and counts as caught by the audit alone that it names. */
describe('a strategy with one fault', () => {
  it.each(zoo)('$fault: caught by $breaks', async ({ breaks, strategy, variant = 'hardened', options, sabotage }) => {
    const audit = audits.find(({ id }) => id === breaks);
    const { subject, dispose } = subjectOf(await loadStrategy(strategy), variant, {
      ...(options && { options }),
      ...(sabotage && { sabotage }),
    });
    let found: unknown;
    try {
      await audit!.run(subject);
    } catch (error) {
      found = error;
    } finally {
      await dispose();
    }
    expect(found, 'it was not caught').toBeDefined();
    expect(outcomeOf(found), String(found)).toBe('fail');
  });

  it('there are enough of them, no two for the same reason', () => {
    expect(zoo.length).toBeGreaterThanOrEqual(25);
    expect(new Set(zoo.map(({ fault }) => fault)).size).toBe(zoo.length);
  });
});
