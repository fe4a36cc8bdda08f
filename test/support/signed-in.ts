import { onTestFinished } from 'vitest';
import type { AppOptions } from '../../harness/app/app.ts';
import { Scenario } from '../../harness/app/scenario.ts';
import { loadStrategy } from '../../strategies/registry.ts';
import { post } from '../../strategies/shared/client/http-client.ts';
import type { TokenPair } from '../../strategies/shared/tokens/token-pairs.ts';
import { TestClient } from './test-client.ts';

/** A server with access and refresh tokens, and a user who is signed in to it. */
export async function signedIn(roles: string[] = [], options: AppOptions = {}) {
  const scenario = await Scenario.start(await loadStrategy('access-refresh'), 'hardened', options);
  onTestFinished(() => scenario.dispose());
  const user = await scenario.user(roles);
  const endpoint = async (name: string, body: object): Promise<TokenPair> =>
    (await (await post(`${scenario.app.url}/auth/${name}`, body)).json()) as TokenPair;
  const pair = await endpoint('login', { username: user.username, password: user.password });
  scenario.clock.advance(1);
  const connect = (token: unknown = pair.accessToken, namespace = '/chat') =>
    new TestClient(scenario.app.url + namespace, { token });
  const connected = async (...given: Parameters<typeof connect>) => {
    const client = connect(...given);
    await client.answered;
    return client;
  };
  return { scenario, user, pair, endpoint, connected };
}
