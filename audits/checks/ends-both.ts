import { type Scenario, say } from '../../harness/app/scenario.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import { expectDelivery, expectNoDelivery, expectRefusal, expectSuccess } from './expectations.ts';

/**
 * A talker and a silent listener of one user are served until `end` ends the user's credentials in some way, and not after.
 *
 * @throws BrokenPromise
 */
export async function endsBoth(
  scenario: Scenario,
  end: (client: StrategyClient, subject: string) => Promise<void> | void,
): Promise<void> {
  const user = await scenario.user();
  const client = await scenario.signedIn(user);
  const talker = await scenario.connectAsThief(client);
  const listener = await scenario.connectAsThief(client, '/notifications');
  await listener.request('subscribe-to-notifications', {});
  await expectSuccess(say(talker));
  await expectDelivery(scenario, listener, user.subject);
  await end(client, user.subject);
  await expectRefusal(say(talker));
  await expectNoDelivery(scenario, listener, user.subject);
}
