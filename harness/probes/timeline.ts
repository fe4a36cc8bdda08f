import { setTimeout as delay } from 'node:timers/promises';
import { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import type { RefusalNotice, StrategyClient } from '../../strategies/strategy.ts';

/** Something that happened to a client, in ms since it was admitted. */
export interface TimelineEvent {
  readonly at: number;
  readonly kind: 'connect' | 'message' | 'refused' | 'renewal' | 'cut' | 'reconnect' | 'end';
  readonly code?: string;
}

export interface ClientTimeline {
  readonly expiries: number[];
  readonly events: TimelineEvent[];
}

/** How often it looks whether the client has renewed, in ms. */
const LOOKS = 20;

/** One honest client that talks every now and then, for `ms`: everything that it sees, in order. */
export async function recordTimeline(
  client: StrategyClient,
  url: string,
  { every, ms }: { every: number; ms: number },
): Promise<ClientTimeline> {
  const connection = await AuthSocket.connect(client, `${url}/chat`);
  const startedAt = Date.now();
  const now = () => Date.now() - startedAt;
  const expiries = new Set<number>();
  const events: TimelineEvent[] = [{ at: 0, kind: 'connect' }];
  let renewals = 0;
  const look = (): void => {
    if (connection.counters.renewals > renewals) events.push({ at: now(), kind: 'renewal' });
    renewals = connection.counters.renewals;
    if (client.expiresAt !== undefined) expiries.add(client.expiresAt - startedAt);
  };
  connection.socket.on('auth:cut', ({ code }: RefusalNotice) => events.push({ at: now(), kind: 'cut', code }));
  connection.socket.on('connect', () => events.push({ at: now(), kind: 'reconnect' }));
  void connection.ended.then((code) => events.push({ at: now(), kind: 'end', code }));
  const looking = setInterval(look, LOOKS);
  const talking = setInterval(() => {
    connection.request('sendMessage', { text: 'still here' }).then(
      () => events.push({ at: now(), kind: 'message' }),
      (error: { code?: string }) =>
        events.push({ at: now(), kind: 'refused', ...(error.code && { code: error.code }) }),
    );
  }, every);
  await delay(ms);
  clearInterval(looking);
  clearInterval(talking);
  look();
  const timeline = { expiries: [...expiries].filter((at) => at <= ms), events: events.toSorted((a, b) => a.at - b.at) };
  connection.close();
  return timeline;
}
