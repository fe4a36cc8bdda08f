import { setTimeout as delay } from 'node:timers/promises';
import { ContinuityProbe } from '../../../harness/probes/continuity.ts';
import { type ClientTimeline, recordTimeline } from '../../../harness/probes/timeline.ts';
import type { Entry } from '../../model/entry.ts';
import type { Sample } from '../../model/sample.ts';
import { lifetimesOf, onServer, signIn, stopping } from './common.ts';
import type { ExpirySettings } from './settings.ts';

/** How often an honest client talks and is notified, in ms. */
const HONEST_EVERY = 50;
/** How often the client whose timeline is drawn talks, in ms. */
const TIMELINE_EVERY = 250;

/** Whoever means well. */
export function goOn(
  entry: Entry,
  { lifetime: seconds, lifetimes, probes }: ExpirySettings,
): Promise<{ samples: Sample[]; timeline: ClientTimeline }> {
  const lifetime = seconds * 1000;
  return onServer(entry, lifetimesOf(lifetime), async (server) => {
    const [watched, ...users] = await server.call.addUsers('honest', probes + 1);
    const timeline = signIn(entry, server, watched!).then((client) =>
      recordTimeline(client, server.url, { every: TIMELINE_EVERY, ms: lifetime * lifetimes + 500 }),
    );
    const continuous = users.map(async (user) => {
      const clients = [await signIn(entry, server, user), await signIn(entry, server, user)] as const;
      const probe = await ContinuityProbe.open(clients, server.url, HONEST_EVERY);
      return stopping(probe, async () => {
        await server.call.pushEvery(user.subject, HONEST_EVERY);
        await delay(lifetime * lifetimes + 1000);
        const pushed = await server.call.stopPushing(user.subject);
        probe.pushesEnded();
        // The last notifications are still on their way.
        await delay(100);
        return { pushed, ...(await probe.stop()) };
      });
    });
    const [recorded, outcomes] = await Promise.all([timeline, Promise.all(continuous)]);
    const params = { lifetime, lifetimes, clients: probes };
    const total = (of: (outcome: (typeof outcomes)[number]) => number) =>
      outcomes.reduce((sum, one) => sum + of(one), 0);
    const longest = (of: (outcome: (typeof outcomes)[number]) => number) => Math.max(...outcomes.map(of));
    const samples: Sample[] = [
      { metric: 'failed-messages', value: total(({ failed }) => failed), params },
      { metric: 'lost-messages', value: total(({ pushed, delivered }) => Math.max(0, pushed - delivered)), params },
      { metric: 'longest-gap', value: longest(({ talkerGap }) => talkerGap), params: { ...params, side: 'talks' } },
      {
        metric: 'longest-gap',
        value: longest(({ listenerGap }) => listenerGap),
        params: { ...params, side: 'listens' },
      },
      { metric: 'renewals', value: total(({ renewals }) => renewals), params },
      { metric: 'reconnects', value: total(({ reconnects }) => reconnects), params },
      { metric: 'ended-connections', value: total(({ ended }) => ended), params },
    ];
    return { samples, timeline: recorded };
  });
}
