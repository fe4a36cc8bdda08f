import type { TestUser } from './app.ts';
import { clientHalfOf, type EntrySpec } from './entry.ts';
import { httpEndpoint } from './http-endpoint.ts';
import { LoadTarget } from './load-target.ts';
import type { Presented } from './invalid-credential-probes.ts';
import { type Handlers, serve } from './rpc.ts';

const targets = new Map<string, LoadTarget>();

function at(url: string): LoadTarget {
  const target = targets.get(url);
  if (target === undefined) throw new TypeError('Cannot load a server that was not aimed at');
  return target;
}

/** Each takes the server's address first: one generator serves many, so that it is the same for all of them. */
const handlers = {
  async aim(url: string, spec: EntrySpec): Promise<void> {
    targets.set(url, new LoadTarget(url, await clientHalfOf(spec)));
  },
  signIn: (url: string, users: readonly TestUser[]) => at(url).signIn(users),
  forge: (url: string, user: TestUser) => at(url).probes.forge(user),
  expire: (url: string, user: TestUser) => at(url).probes.expire(user),
  intrude: (url: string, presented: Presented, expected: boolean) => at(url).intrude(presented, expected),
  connect: (url: string, total: number) => at(url).connect(total),
  load: (url: string, inFlight: number, awake?: boolean) => at(url).load(inFlight, awake),
  pace: (url: string, perSecond: number, seed: number) => at(url).pace(perSecond, seed),
  churn: (url: string, width: number) => at(url).churn(width),
  stop: (url: string) => at(url).stop(),
  leave: (url: string) => at(url).leave(),
  done: (url: string, timed: boolean) => at(url).done(timed),
  keep: (url: string) => at(url).keep(),
  forget: (url: string) => at(url).forget(),
  timings: (url: string) => at(url).timings(),
  httpEndpoint,
  /** CPU of this process so far, in us. */
  cpu(): number {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
} satisfies Handlers;

export type GeneratorHandlers = typeof handlers;

serve(handlers);
