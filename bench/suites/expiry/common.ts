import { setTimeout as delay } from 'node:timers/promises';
import type { TestUser } from '../../../harness/app/app.ts';
import { clientHalfOf } from '../../../harness/app/entry.ts';
import { type Server, startServer } from '../../../harness/processes/server.ts';
import type { Lifetimes, StrategyClient } from '../../../strategies/strategy.ts';
import type { Entry } from '../../model/entry.ts';

type EntryLifetimes = Partial<Lifetimes>;

export async function onServer<T>(
  { spec }: Entry,
  lifetimes: EntryLifetimes,
  use: (server: Server) => Promise<T>,
): Promise<T> {
  const server = await startServer({ spec, lifetimes });
  try {
    return await use(server);
  } finally {
    await server.stop();
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
