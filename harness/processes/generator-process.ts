import type { TestUser } from '../app/app.ts';
import { clientHalfOf } from '../app/client-half.ts';
import type { EntrySpec } from '../app/entry.ts';
import { httpEndpoint } from '../load/http-endpoint.ts';
import { type Done, LoadTarget } from '../load/load-target.ts';
import type { Presented } from '../probes/invalid-credential-probes.ts';
import { type Handlers, serve } from './rpc.ts';

export interface GeneratorSample extends Done {
  /** User and system time of all threads, in us. */
  readonly cpu: number;
}

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
  /** Times the answers of what follows, or no longer does. */
  time: (url: string, on: boolean) => at(url).time(on),
  keep: (url: string) => at(url).keep(),
  forget: (url: string) => at(url).forget(),
  clear: (url: string) => at(url).clear(),
  timings: (url: string) => at(url).timings,
  httpEndpoint,
  /** What was done so far, and the CPU of this process, in us; two of these make a difference. */
  sample(url: string): GeneratorSample {
    const { user, system } = process.cpuUsage();
    return { ...at(url).done, cpu: user + system };
  },
} satisfies Handlers;

export type GeneratorHandlers = typeof handlers;

serve(handlers);
