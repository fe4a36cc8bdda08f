import { expect, it, onTestFinished } from 'vitest';
import { passive, refusalOf, Scenario, say } from '../../harness/scenario.ts';
import { loadStrategy } from '../../strategies/registry.ts';

it('a report that throws decides nothing: whoever may connect does, and whoever may not is told why', async () => {
  const strategy = await loadStrategy('handshake-only');
  const report = (): never => {
    throw new Error('The log is full');
  };
  const scenario = await Scenario.start(strategy, 'hardened', { report });
  onTestFinished(() => scenario.dispose());
  const user = await scenario.user();
  const socket = await scenario.connect(await scenario.signedIn(user), passive);
  expect(await say(socket)).toMatchObject({ from: user.subject });
  expect(await refusalOf(scenario.connectWith({}))).toBe('unauthenticated');
  scenario.app.directory.setBanned(user.subject, true);
  expect(await refusalOf(say(socket))).toBe('banned');
});
