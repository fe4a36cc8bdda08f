import type { StrategyClient } from '../../strategies/strategy.ts';
import type { TestUser } from './app.ts';
import { inLanes } from './lanes.ts';

/** Below 32: while so many sign-ins wait, the kit refuses the next one as `unavailable`. */
const AT_ONCE = 20;

/** Signs each user in over HTTP, a few at a time, each with a client of its own. Returns the clients in the order of `users`. */
export async function signInAll(
  users: readonly TestUser[],
  createClient: () => StrategyClient,
): Promise<StrategyClient[]> {
  const signedIn = users.map((user) => ({ user, client: createClient() }));
  await inLanes(signedIn, AT_ONCE, ({ user, client }) => client.signIn(user.username, user.password));
  return signedIn.map(({ client }) => client);
}
