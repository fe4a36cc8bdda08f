import autocannon from 'autocannon';
import type { HttpLeg } from '../strategies/strategy.ts';
import type { TestUser } from './app.ts';

/** Requests per second of one HTTP leg, and how many were not answered with success. */
export interface LegResult {
  readonly requestsPerSecond: number;
  readonly failed: number;
}

interface Pair {
  readonly refreshToken: string;
}

/** ms */
const SAMPLE_INTERVAL = 100;

const json = { 'content-type': 'application/json' };

/** Drives one leg for `seconds` over as many connections as there are users; each refreshes its own chain of tokens. */
export async function httpLeg(
  url: string,
  leg: HttpLeg,
  users: readonly TestUser[],
  seconds: number,
): Promise<LegResult> {
  const credentials = users.map(({ username, password }) => JSON.stringify({ username, password }));
  const pairs = leg === 'refresh' ? await Promise.all(credentials.map((body) => signIn(url, body))) : [];
  let next = 0;
  const result = await autocannon({
    url,
    connections: users.length,
    duration: seconds,
    // Autocannon ends a run at a sample, and takes one a second unless told otherwise.
    sampleInt: SAMPLE_INTERVAL,
    setupClient(client) {
      const index = next++ % users.length;
      client.setRequests([leg === 'login' ? loginRequest(credentials[index]!) : refreshRequest(pairs[index]!)]);
    },
  });
  const failed = result.non2xx + result.errors + result.timeouts;
  return { requestsPerSecond: result['2xx'] / result.duration, failed };
}

const loginRequest = (body: string): autocannon.Request => ({
  method: 'POST',
  path: '/auth/login',
  headers: json,
  body,
});

/** Each answer brings the token of the next request. */
function refreshRequest(pair: Pair): autocannon.Request {
  let { refreshToken } = pair;
  return {
    method: 'POST',
    path: '/auth/refresh',
    headers: json,
    setupRequest: (request) => ({ ...request, body: JSON.stringify({ refreshToken }) }),
    onResponse(status, body) {
      if (status === 200) ({ refreshToken } = JSON.parse(body) as Pair);
    },
  };
}

async function signIn(url: string, body: string): Promise<Pair> {
  const response = await fetch(`${url}/auth/login`, { method: 'POST', headers: json, body });
  return (await response.json()) as Pair;
}
