import { clientHalfOf } from '../harness/app/client-half.ts';
import type { PlayEntry } from './lanes/entries.ts';
import { LaneServer } from './lanes/lane-server.ts';

/** A server that somebody tries by hand, and how. */
export interface ByHand extends AsyncDisposable {
  readonly text: string;
}

/** Starts an entry's server with one user. `ttl`: how long credentials live, in ms. */
export async function startByHand(entry: PlayEntry, ttl: number): Promise<ByHand> {
  const server = await LaneServer.start(entry, { ttl });
  const { username, password } = server.user;
  const { createClient } = await clientHalfOf(entry.spec);
  const client = createClient({ url: server.url });
  await client.signIn(username, password);
  const { auth = {}, extraHeaders = {} } = client.connectOptions();
  const carried = carrierOf(Object.keys(auth), Object.keys(extraHeaders));
  return { text: textOf({ entry, ttl, url: server.url, username, password, carried }), [Symbol.asyncDispose]: () => server.close() };
} // prettier-ignore

/** The option of `io()` that carries the credential, as code. */
const carrierOf = ([auth]: readonly string[], [header]: readonly string[]): string =>
  auth === undefined
    ? `extraHeaders: { ${header}: process.env.CREDENTIAL }`
    : `auth: { ${auth}: process.env.CREDENTIAL }`;

interface Given {
  readonly entry: PlayEntry;
  readonly ttl: number;
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly carried: string;
}

const textOf = ({ entry, ttl, url, username, password, carried }: Given): string => `\
${entry.title}${entry.variant === null ? '' : `, ${entry.variant}`}: ${url}
Credentials live ${ttl / 1000} s. PROTOCOL.md has every event, ack and refusal.

1. Sign in. The answer has the credential; a session is in its set-cookie header.

curl -si ${url}/auth/login -H 'content-type: application/json' \\
  -d '{"username":"${username}","password":"${password}"}'

2. Save this as client.mjs in the repository.

import { io } from 'socket.io-client';
const socket = io('${url}/chat', {
  transports: ['websocket'],
  ${carried},
});
socket.on('connect', () => console.log('connected'));
socket.on('connect_error', (error) => console.log('refused', error.data ?? error.message));
socket.on('disconnect', (reason) => console.log('disconnected', reason));
socket.onAny((event, ...data) => console.log(event, ...data));
setInterval(() => socket.emit('sendMessage', { text: 'hello' }, console.log), 1000);

3. Connect, and watch what happens as the credential ends.

CREDENTIAL='...' node client.mjs

Ctrl-C ends the server.
`;
