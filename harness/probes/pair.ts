import type { AuthSocketOptions } from '../../strategies/shared/client/auth-socket.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import type { ProbedConnection, ProbeRoutes } from './routes.ts';

/** A connection that talks, and one that is subscribed to notifications. */
export interface Pair {
  readonly talker: ProbedConnection;
  readonly listener: ProbedConnection;
}

/** Opens a pair with a client for each. Where the listener fails, the talker is closed. */
export async function openPair(
  { talk, listen, subscription }: ProbeRoutes,
  [talks, listens]: readonly [StrategyClient, StrategyClient],
  url: string,
  options: Pick<AuthSocketOptions, 'recover'> = {},
): Promise<Pair> {
  const talker = await talk(talks, url, options);
  let listener: ProbedConnection | undefined;
  try {
    listener = await listen(listens, url, options);
    await listener.request(...subscription);
    return { talker, listener };
  } catch (error) {
    talker.close();
    listener?.close();
    throw error;
  }
}
