import type { TestUser } from '../../harness/app/app.ts';
import type { Scenario } from '../../harness/app/scenario.ts';
import { post } from '../../strategies/shared/client/http-client.ts';
import type { TokenPair } from '../../strategies/shared/tokens/token-pairs.ts';
import { BrokenPromise } from '../broken-promise.ts';
import { expectSuccess } from './expectations.ts';
import { readToken } from './forge.ts';

/** Signs in over HTTP. @throws BrokenPromise if that is refused, or if the answer has no refresh token */
export const login = (scenario: Scenario, { username, password }: TestUser): Promise<TokenPair> =>
  pairOf(endpoint(scenario, 'login', { username, password }), 'login');

/** Renews over HTTP with the refresh token of a pair, which may be refused. @throws AuthError if it is */
export const refresh = (scenario: Scenario, { refreshToken }: TokenPair): Promise<TokenPair> =>
  endpoint(scenario, 'refresh', { refreshToken });

/** Renews as an honest client does. @throws BrokenPromise if that is refused, or if the answer has no refresh token */
export const renew = (scenario: Scenario, pair: TokenPair): Promise<TokenPair> =>
  pairOf(refresh(scenario, pair), 'refresh');

/** The id of a refresh token that is a JWT. */
export const idOf = ({ refreshToken }: TokenPair): unknown => readToken(refreshToken).payload['jti'];

async function endpoint({ app }: Scenario, name: 'login' | 'refresh', body: object): Promise<TokenPair> {
  return (await (await post(`${app.url}/auth/${name}`, body)).json()) as TokenPair;
}

async function pairOf(answer: Promise<TokenPair>, name: 'login' | 'refresh'): Promise<TokenPair> {
  const pair = await expectSuccess(answer);
  if (typeof pair.refreshToken !== 'string')
    throw new BrokenPromise(`a refreshToken in the answer of /auth/${name}`, 'there was none');
  return pair;
}
