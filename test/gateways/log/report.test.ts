import { expect, it, onTestFinished } from 'vitest';
import { passive, refusalOf, Scenario, say } from '../../../harness/app/scenario.ts';
import type { Report } from '../../../strategies/strategy.ts';
import { loadStrategy } from '../../../strategies/registry.ts';

const failing: [string, Report][] = [
  [
    'throws',
    () => {
      throw new Error('The log is full');
    },
  ],
  // Vitest fails on a rejection that nobody handles; Node ends the process.
  ['rejects', async () => Promise.reject(new Error('The log is full'))],
];

it.each(failing)('a report that %s decides nothing: the process and all decisions go on', async (_, report) => {
  const strategy = await loadStrategy('handshake-only');
  const scenario = await Scenario.start(strategy, 'hardened', { report });
  onTestFinished(() => scenario.dispose());
  const user = await scenario.user();
  const socket = await scenario.connect(await scenario.signedIn(user), passive);
  expect(await say(socket)).toMatchObject({ from: user.subject });
  expect(await refusalOf(scenario.connectWith({}))).toBe('unauthenticated');
  scenario.app.directory.setBanned(user.subject, true);
  expect(await refusalOf(say(socket))).toBe('banned');
});
