import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadScenarios, scenarioOf } from './scenario.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scenario = { title: 'A', says: 'B', steps: [{ at: 0, do: 'connect' }], until: 5 };

it('every scenario of the folder can be played, and begins with empty lanes', () => {
  const scenarios = loadScenarios(root);
  expect(scenarios.length).toBeGreaterThan(3);
  for (const { steps } of scenarios) expect(steps[0]).toEqual({ at: 0, do: 'reset' });
});

it.each([
  ['no JSON', '{', /^play\/scenarios\/mine\.json: this is not JSON$/],
  ['no title', JSON.stringify({ ...scenario, title: '' }), /mine\.json: title: /],
  ['an unknown button', JSON.stringify({ ...scenario, steps: [{ at: 0, do: 'fly' }] }), /steps\.0\.do: /],
  ['an unknown field', JSON.stringify({ ...scenario, more: 1 }), /mine\.json: /],
  [
    'a step before the one before it',
    JSON.stringify({ ...scenario, steps: [{ at: 2, do: 'ban' }, { at: 1, do: 'ban' }] }),
    /in the order of their times/,
  ],
  ['a step after the end', JSON.stringify({ ...scenario, until: 1, steps: [{ at: 2, do: 'ban' }] }), /before its end/],
])('a scenario with %s is refused, and the file is named', (_, text, message) => {
  expect(() => scenarioOf('mine', text)).toThrow(message);
}); // prettier-ignore
