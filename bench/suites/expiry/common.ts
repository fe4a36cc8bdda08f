import { setTimeout as delay } from 'node:timers/promises';
import type { TestUser } from '../../../harness/app/app.ts';
import { clientHalfOf } from '../../../harness/app/client-half.ts';
import { type Server, startServer } from '../../../harness/processes/server.ts';
import type { ServerSpec } from '../../../harness/processes/server-process.ts';
import type { Lifetimes, StrategyClient } from '../../../strategies/strategy.ts';
import type { Entry } from '../../model/entry.ts';
import type { Watch } from '../../model/sample.ts';

type EntryLifetimes = Partial<Lifetimes>;

/** Servers of this suite that are starting, and who waits until none is. */
let starting = 0;
const waiting: (() => void)[] = [];

/**
 * Starts a server, and uses it once no other server of this suite is starting any more: while they start, the machine is
 * too busy for credentials of a few seconds.
 */
export async function onServer<T>(
  { spec }: Entry,
  lifetimes: EntryLifetimes,
  watch: Watch,
  use: (server: Server) => Promise<T>,
): Promise<T> {
  const server = await started({ spec, lifetimes });
  try {
    if (starting > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    return await watch.during(() => use(server));
  } finally {
    await server.stop();
  }
}

async function started(spec: ServerSpec): Promise<Server> {
  starting += 1;
  try {
    return await startServer(spec);
  } finally {
    starting -= 1;
    if (starting === 0) for (const resolve of waiting.splice(0)) resolve();
  }
}

export const lifetimesOf = (lifetime: number): EntryLifetimes => ({
  accessToken: lifetime,
  wsToken: lifetime,
  sessionIdle: lifetime,
});

/** Stops a probe also where `use` fails: otherwise it would keep this process alive after its server has ended. */
export async function stopping<T>(probe: { stop(): unknown }, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    await probe.stop();
  }
}

export async function signIn(
  { spec }: Entry,
  { url }: Server,
  { username, password }: TestUser,
): Promise<StrategyClient> {
  const { createClient } = await clientHalfOf(spec);
  const client = createClient({ url });
  await client.signIn(username, password);
  return client;
}

/** Credentials end on whole seconds: signing in just after one makes each live as long as it says. */
export const nextSecond = (): Promise<void> => delay(1000 - (Date.now() % 1000) + 5);
