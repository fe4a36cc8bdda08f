import { loadStrategy } from '../strategies/registry.ts';
import type { TestUser } from './app.ts';
import { httpLeg } from './http-leg.ts';
import { LoadTarget } from './load-target.ts';
import { type Handlers, serve } from './rpc.ts';

const targets = new Map<string, LoadTarget>();

function at(url: string): LoadTarget {
  const target = targets.get(url);
  if (target === undefined) throw new TypeError('Cannot load a server that was not aimed at');
  return target;
}

/** Each takes the server's address first: one generator serves many, so that it is the same for all of them. */
const handlers = {
  async aim(url: string, strategy: string): Promise<void> {
    const { createClient } = await (await loadStrategy(strategy)).client();
    targets.set(url, new LoadTarget(url, createClient));
  },
  signIn: (url: string, users: readonly TestUser[]) => at(url).signIn(users),
  refusal: (url: string) => at(url).refusal(),
  connect: (url: string, total: number) => at(url).connect(total),
  load: (url: string, inFlight: number) => at(url).load(inFlight),
  churn: (url: string, width: number) => at(url).churn(width),
  stop: (url: string) => at(url).stop(),
  leave: (url: string) => at(url).leave(),
  done: (url: string, timed: boolean) => at(url).done(timed),
  latencies: (url: string) => at(url).latencies(),
  httpLeg,
} satisfies Handlers;

export type GeneratorHandlers = typeof handlers;

serve(handlers);
