import type autocannon from 'autocannon';
import type { HttpEndpoint } from '../../strategies/strategy.ts';
import type { TestUser } from '../app/app.ts';

/** Requests per second of one HTTP endpoint, and how many were not answered with success. */
export interface EndpointResult {
  readonly requestsPerSecond: number;
  readonly failed: number;
}

interface Pair {
  readonly refreshToken: string;
}

/** ms */
const SAMPLE_INTERVAL = 100;

const json = { 'content-type': 'application/json' };

/** Drives one endpoint for `seconds` over as many connections as there are users; each refreshes its own chain of tokens. */
export async function httpEndpoint(
  url: string,
  endpoint: HttpEndpoint,
  users: readonly TestUser[],
  seconds: number,
): Promise<EndpointResult> {
  const credentials = users.map(({ username, password }) => JSON.stringify({ username, password }));
  const pairs = endpoint === 'refresh' ? await Promise.all(credentials.map((body) => signIn(url, body))) : [];
  let next = 0;
  // Most load generators never need it, and loading it takes 0.2 s of CPU.
  const { default: drive } = await import('autocannon');
  const result = await drive({
    url,
    connections: users.length,
    duration: seconds,
    // Autocannon ends a run at a sample, and takes one a second unless told otherwise.
    sampleInt: SAMPLE_INTERVAL,
    setupClient(client) {
      const index = next++ % users.length;
      client.setRequests([endpoint === 'login' ? loginRequest(credentials[index]!) : refreshRequest(pairs[index]!)]);
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
