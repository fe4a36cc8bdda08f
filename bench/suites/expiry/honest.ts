import { setTimeout as delay } from 'node:timers/promises';
import { type Continuity, ContinuityProbe } from '../../../harness/probes/continuity.ts';
import { routesOf } from '../../../harness/probes/routes.ts';
import { honestTimeline, type Watched } from '../../../harness/probes/timeline.ts';
import { type Entry, entryKeyOf } from '../../model/entry.ts';
import type { Timeline } from '../../model/run-file.ts';
import type { Sample, Watch } from '../../model/sample.ts';
import { lifetimesOf, nextSecond, onServer, signIn, stopping } from './common.ts';
import type { Held } from './hold.ts';
import type { ExpirySettings } from './settings.ts';

/** How often an honest client talks and is notified, in ms. */
const HONEST_EVERY = 50;

/** The results of clients that renew and reconnect as they may. */
export interface WentOn {
  readonly samples: Sample[];
  /** The timeline of the first client. Its entitlement follows from what the server enforces. */
  timeline(enforced: Held['enforced']): Timeline;
}

/** Watches honest clients, which renew and reconnect as the strategy lets them. */
export function goOn(
  entry: Entry,
  { lifetime: seconds, lifetimes, probes }: ExpirySettings,
  watch: Watch,
): Promise<WentOn> {
  const lifetime = seconds * 1000;
  return onServer(entry, lifetimesOf(lifetime), watch, async (server) => {
    const users = await server.call.addUsers('honest', probes);
    await nextSecond();
    const continuous = users.map(async (user) => {
      const clients = await Promise.all([signIn(entry, server, user), signIn(entry, server, user)]);
      const routes = routesOf(entry.spec, user.subject);
      const probe = await ContinuityProbe.open(clients, server.url, HONEST_EVERY, routes);
      return stopping(probe, async () => {
        await server.call.pushEvery(user.subject, HONEST_EVERY);
        await delay(lifetime * lifetimes + 1000);
        const pushed = await server.call.stopPushing(user.subject);
        const until = Date.now();
        probe.pushesEnded();
        // The last notifications are still on their way.
        await delay(100);
        return { pushed, until, ...(await probe.stop(pushed)) };
      });
    });
    const outcomes = await Promise.all(continuous);
    const params = { lifetime, lifetimes, clients: probes };
    const total = (of: (outcome: (typeof outcomes)[number]) => number) =>
      outcomes.reduce((sum, one) => sum + of(one), 0);
    const longest = (of: (outcome: (typeof outcomes)[number]) => number) => Math.max(...outcomes.map(of));
    const samples: Sample[] = [
      { metric: 'failed-messages', value: total(({ failed }) => failed), params },
      { metric: 'pushed-messages', value: total(({ pushed }) => pushed), params },
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
    return { samples, timeline: (enforced) => timelineOf(entry, outcomes[0]!, enforced) };
  });
}

function timelineOf(entry: Entry, outcome: Continuity & { until: number }, enforced: Held['enforced']): Timeline {
  const { openedAt: from, until, talks, listens } = outcome;
  const watched: Watched = { from, until, every: HONEST_EVERY };
  // While a client exchanges its credential, it may name one that has ended already.
  const used = [...talks.ends, ...listens.ends].filter(({ known, at }) => at > known && at <= until);
  const ends = used.map(({ at }) => at - from);
  return {
    ...entryKeyOf(entry),
    end: 'expiry',
    client: 'honest',
    ends: [...new Set(ends)].toSorted((a, b) => a - b),
    until: until - from,
    acts: honestTimeline(talks, watched, enforced.acts),
    receives: honestTimeline(listens, watched, enforced.receives),
  };
}
