import { setTimeout as delay } from 'node:timers/promises';
import type { TestUser } from '../../../harness/app/app.ts';
import type { Server } from '../../../harness/processes/server.ts';
import { type ProbedConnection, routesOf } from '../../../harness/probes/routes.ts';
import { type Staleness, StalenessProbe, stalenessOf, type Trace } from '../../../harness/probes/staleness.ts';
import { holderTimeline, type Watched } from '../../../harness/probes/timeline.ts';
import type { StrategyClient } from '../../../strategies/strategy.ts';
import { type Entry, entryKeyOf } from '../../model/entry.ts';
import type { MetricName } from '../../model/metrics.ts';
import type { Timeline } from '../../model/run-file.ts';
import type { Sample, Watch } from '../../model/sample.ts';
import { lifetimesOf, nextSecond, onServer, signIn, stopping } from './common.ts';
import type { ExpirySettings } from './settings.ts';

/** How often a probe acts and is notified, in ms: what the figures resolve. */
const EVERY = 20;
/** A probe watches this long past the moment in question, in ms; what goes on is censored. */
const WATCHED = 2000;
/** How long a probe is served before its credential is revoked, in ms. */
const BEFORE = 500;
/** How long it may take to be served for the first time, in ms. */
const STARTS = 2000;
/** A shorter watch, in ms, tells nothing. */
const SHORTEST = 200;
const TOO_LATE: Staleness = { ms: 0, censored: false, void: 'the credential expired before the watch was over' };
/** Why the end of a role is not measured on a peer. */
const NO_ROLES = 'it has no event that takes a role';

/** The results of clients that hold a credential and renew nothing. */
export interface Held {
  readonly samples: Sample[];
  readonly timelines: Timeline[];
  /** Whether a client that renews nothing was no longer served after the expiry of its credential. */
  readonly enforced: Record<'acts' | 'receives', boolean>;
}

/** An end of a credential, and the metrics of what still works after it. */
interface EndMeasure {
  readonly end: Timeline['end'];
  readonly acts: MetricName;
  readonly receives: MetricName;
  /** Brings it about. */
  come(client: StrategyClient, server: Server, user: TestUser): Promise<Came>;
}

/** When an end was asked for, and when it had come, in ms since the epoch. */
interface Came {
  readonly asked: number;
  readonly since: number;
}

const revoked =
  (revoke: (...about: Parameters<EndMeasure['come']>) => Promise<unknown>): EndMeasure['come'] =>
  async (...about) => {
    await delay(BEFORE);
    const asked = Date.now();
    await revoke(...about);
    return { asked, since: Date.now() };
  };

const measures: readonly EndMeasure[] = [
  {
    end: 'expiry',
    acts: 'accepted-after-expiry',
    receives: 'delivered-after-expiry',
    async come({ expiresAt = Date.now() }) {
      await delay(expiresAt - Date.now());
      return { asked: expiresAt, since: expiresAt };
    },
  },
  {
    end: 'sign-out',
    acts: 'accepted-after-revocation',
    receives: 'delivered-after-revocation',
    come: revoked((client) => client.signOut()),
  },
  {
    end: 'ban',
    acts: 'accepted-after-ban',
    receives: 'delivered-after-ban',
    come: revoked((_, server, { subject }) => server.call.setBanned(subject)),
  },
];

/**
 * Watches probes that hold a credential and renew nothing. The credential lives as long as an honest client is watched. On a busy
 * machine, it takes seconds until a probe is served and its credential is revoked. The revocation must come before the expiry.
 */
export function hold(
  entry: Entry,
  { lifetime: seconds, lifetimes: count, probes }: ExpirySettings,
  watch: Watch,
): Promise<Held> {
  const lifetime = seconds * count * 1000;
  const lifetimes = { ...lifetimesOf(lifetime), absolute: lifetime };
  return onServer(entry, lifetimes, watch, async (server) => {
    const users = await server.call.addUsers('thief', (measures.length + 1) * probes, ['moderator']);
    await nextSecond();
    const group = (index: number) => users.slice(index * probes, (index + 1) * probes);
    const [downgraded, ...outcomes] = await Promise.all([
      Promise.all(group(measures.length).map((user) => afterDowngrade(entry, server, user))),
      ...measures.map((measure, index) =>
        Promise.all(group(index).map((user) => afterEnd(entry, server, user, measure))),
      ),
    ]);
    const samples = measures.flatMap(({ acts, receives }, index) => [
      worst(
        acts,
        outcomes[index]!.map(({ handled }) => handled),
        lifetime,
      ),
      worst(
        receives,
        outcomes[index]!.map(({ delivered }) => delivered),
        lifetime,
      ),
    ]);
    const [expired = []] = outcomes;
    const ended = (of: readonly Staleness[]) =>
      of.every(({ censored, void: untold }) => !censored && untold === undefined);
    return {
      samples: [...samples, worst('accepted-after-downgrade', downgraded, lifetime)],
      timelines: outcomes.flatMap(([first]) => first?.timeline ?? []),
      enforced: {
        acts: ended(expired.map(({ handled }) => handled)),
        receives: ended(expired.map(({ delivered }) => delivered)),
      },
    };
  });
}

/** The worst of the probes: a credential is as safe as its longest stretch. */
function worst(metric: MetricName, of: readonly Staleness[], lifetime: number): Sample {
  const value = Math.max(...of.map(({ ms }) => ms));
  const censored = of.some((staleness) => staleness.censored);
  const untold = of.find((staleness) => staleness.void)?.void;
  const params = { lifetime, probes: of.length, watched: WATCHED, resolution: EVERY };
  return { metric, value, censored, params, ...(untold !== undefined && { void: untold }) };
}

interface Outcome {
  readonly handled: Staleness;
  readonly delivered: Staleness;
  readonly timeline: Timeline;
}

async function afterEnd(entry: Entry, server: Server, user: TestUser, { end, come }: EndMeasure): Promise<Outcome> {
  const client = await signIn(entry, server, user);
  const routes = routesOf(entry.spec, user.subject);
  const probe = await StalenessProbe.open(client, { url: server.url, every: EVERY, routes });
  return stopping(probe, async () => {
    await server.call.pushEvery(user.subject, EVERY);
    if (end !== 'expiry') await untilItWorks(() => probe.acts && probe.receives);
    // A sign-out makes the client forget it.
    const expiresAt = client.expiresAt ?? Infinity;
    const { asked, since } = await come(client, server, user);
    // An expiry must not be taken for the revocation that is watched.
    await delay((end === 'expiry' ? since + WATCHED : Math.min(since + WATCHED, expiresAt)) - Date.now());
    const until = Date.now();
    const { handled, delivered } = probe.stop(await server.call.stopPushing(user.subject));
    const watched: Watched = { from: probe.openedAt, until, every: EVERY };
    const timelineOf = (trace: Trace) => holderTimeline(trace, watched, since);
    return {
      handled: until - since < SHORTEST ? TOO_LATE : stalenessOf(handled, since, until, asked),
      delivered: until - since < SHORTEST ? TOO_LATE : stalenessOf(delivered, since, until, asked),
      timeline: {
        ...entryKeyOf(entry),
        end,
        client: 'holder',
        ends: [since - probe.openedAt],
        until: until - probe.openedAt,
        acts: timelineOf(handled),
        receives: timelineOf(delivered),
      },
    };
  });
}

/** On a busy machine the first answer takes a while, and a use that never worked cannot be seen to end. */
async function untilItWorks(works: () => boolean): Promise<void> {
  const deadline = Date.now() + STARTS;
  while (!works() && Date.now() < deadline) await delay(EVERY);
}

/** Acts as a moderator, by deleting what was never said. */
async function afterDowngrade(entry: Entry, server: Server, user: TestUser): Promise<Staleness> {
  if (entry.role === 'peer') return { ms: 0, censored: false, void: NO_ROLES };
  const client = await signIn(entry, server, user);
  const act = (talker: ProbedConnection) => talker.request('deleteMessage', { id: crypto.randomUUID() });
  const probe = await StalenessProbe.open(client, { url: server.url, every: EVERY, act });
  return stopping(probe, async () => {
    await untilItWorks(() => probe.acts);
    await delay(BEFORE);
    const asked = Date.now();
    await server.call.setRoles(user.subject, []);
    const since = Date.now();
    await delay(WATCHED);
    return stalenessOf(probe.stop().handled, since, Date.now(), asked);
  });
}
