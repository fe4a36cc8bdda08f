import { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import type { IssuedCredential, StrategyClient } from '../../strategies/strategy.ts';
import type { TestUser } from '../app/app.ts';
import { clientHalfOf } from '../app/client-half.ts';
import type { EntrySpec } from '../app/entry.ts';
import { inLanes } from '../app/lanes.ts';
import { signInAll } from '../app/sign-in.ts';
import { type Handlers, serve } from './rpc.ts';

/** How many clients connect at the same time. */
const AT_ONCE = 100;

/** What became of a fleet. */
export interface ClientFleetReport {
  readonly connected: number;
  /** Those that were told that only a new sign-in helps: how many by each code. */
  readonly loggedOut: Readonly<Record<string, number>>;
  /** When each asked the issuer for a fresh credential, in ms since the epoch, in order. */
  readonly renewals: readonly number[];
  /** When each of those that were answered was, likewise. */
  readonly answers: readonly number[];
  readonly reconnects: number;
  /** When each connection was opened, in ms since the epoch, in order. */
  readonly arrivals: readonly number[];
}

let clients: StrategyClient[] = [];
const sockets: AuthSocket[] = [];
const renewals: number[] = [];
const answers: number[] = [];
const arrivals: number[] = [];
const loggedOut: Record<string, number> = {};

/** The client, whose requests for a fresh credential are noted. */
function noted(client: StrategyClient): StrategyClient {
  const { accept, renewal, renew } = client;
  return Object.defineProperties(
    {
      ...client,
      async renew() {
        renewals.push(Date.now());
        const renewed = await renew();
        if (renewed) answers.push(Date.now());
        return renewed;
      },
      ...(renewal && {
        renewal() {
          renewals.push(Date.now());
          return renewal();
        },
        accept(issued: IssuedCredential) {
          answers.push(Date.now());
          return accept?.(issued);
        },
      }),
    },
    { expiresAt: { get: () => client.expiresAt } },
  );
}

const handlers = {
  /** Everyone backs off for equally long. */
  withoutJitter(): void {
    Math.random = () => 1;
  },
  async signIn(url: string, spec: EntrySpec, users: readonly TestUser[]): Promise<void> {
    const { createClient } = await clientHalfOf(spec);
    clients = await signInAll(users, () => noted(createClient({ url })));
  },
  async connect(url: string): Promise<void> {
    await inLanes(clients, AT_ONCE, async (client) => {
      const socket = await AuthSocket.connect(client, `${url}/chat`, { ackTimeout: 20_000 });
      arrivals.push(Date.now());
      socket.socket.on('connect', () => arrivals.push(Date.now()));
      void socket.ended.then((code) => (loggedOut[code] = (loggedOut[code] ?? 0) + 1));
      sockets.push(socket);
    });
  },
  report: (): ClientFleetReport => ({
    connected: sockets.filter(({ socket }) => socket.connected).length,
    loggedOut,
    renewals: renewals.toSorted((a, b) => a - b),
    answers: answers.toSorted((a, b) => a - b),
    reconnects: sockets.reduce((sum, { counters }) => sum + counters.reconnects, 0),
    arrivals: arrivals.toSorted((a, b) => a - b),
  }),
} satisfies Handlers;

export type ClientFleetHandlers = typeof handlers;

serve(handlers);
