import { setTimeout as delay } from 'node:timers/promises';
import type { TestUser } from '../../harness/app.ts';
import { clientHalfOf } from '../../harness/entry.ts';
import { ContinuityProbe } from '../../harness/continuity.ts';
import { type ClientTimeline, recordTimeline } from '../../harness/timeline.ts';
import { type Server, startServer } from '../../harness/server.ts';
import { type Staleness, StalenessProbe, stalenessOf } from '../../harness/staleness.ts';
import type { AuthSocket } from '../../strategies/shared/client/auth-socket.ts';
import type { Lifetimes, StrategyClient } from '../../strategies/strategy.ts';
import type { MetricName } from '../metrics.ts';
import type { Profile } from '../profiles.ts';
import { type Entry, entryBlocks, type Sample, type Suite } from '../suite.ts';

/** How often a probe acts and is notified, in ms: what the figures resolve. */
const EVERY = 20;
/** How often an honest client talks and is notified, in ms. */
const HONEST_EVERY = 50;
/** How often the client whose timeline is drawn talks, in ms. */
const TIMELINE_EVERY = 250;
/** A probe watches this long past the moment in question, in ms; what goes on is censored. */
const WATCHED = 2000;

export const expiry: Suite = {
  id: 'expiry',
  title: 'What happens at the end',
  question:
    'How long does a credential still act and listen after expiry, sign-out and a lost role, and what does an honest client lose?',
  method:
    'A probe holds a credential, talks on one connection, listens on another and renews nothing; what still works ' +
    'is counted from the moment it should have ended, for 2 s. It has ended where it was refused, cut off or passed ' +
    'over afterwards, and is censored otherwise; what did not work before that moment tells nothing. An honest client talks and listens over several ' +
    'lifetimes, and renews and reconnects as its strategy lets it.',
  takes: ['strategy'],
  blocks: (entries, profile) =>
    entryBlocks(
      expiry,
      'honest and not',
      entries.filter(({ role }) => role === 'strategy'),
      profile.expiryRepetitions,
      { expected: profile.lifetime * profile.lifetimes + 8, waits: true },
      async (entry) => {
        const [held, honest] = await Promise.allSettled([hold(entry, profile), goOn(entry, profile)]);
        if (held.status === 'rejected') throw held.reason;
        if (honest.status === 'rejected') throw honest.reason;
        const { samples, timeline } = honest.value;
        const { strategy, variant } = entry;
        return { samples: [...held.value, ...samples], timelines: [{ strategy, variant: variant!, ...timeline }] };
      },
    ),
};

type EntryLifetimes = Partial<Lifetimes>;

async function onServer<T>(
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

const lifetimesOf = (lifetime: number): EntryLifetimes => ({
  accessToken: lifetime,
  wsToken: lifetime,
  sessionIdle: lifetime,
});

/** Whoever holds a credential and does not care. */
function hold(entry: Entry, { lifetime: seconds, probes }: Profile): Promise<Sample[]> {
  const lifetime = seconds * 1000;
  const lifetimes = { ...lifetimesOf(lifetime), absolute: lifetime };
  return onServer(entry, lifetimes, async (server) => {
    const users = await server.call.addUsers('thief', 3 * probes, ['moderator']);
    await nextSecond();
    const third = (index: number) => users.slice(index * probes, (index + 1) * probes);
    const each = <T>(group: TestUser[], run: (user: TestUser) => Promise<T>) => Promise.all(group.map(run));
    const [expired, signedOut, downgraded] = await Promise.all([
      each(third(0), (user) => afterExpiry(entry, server, user)),
      each(third(1), (user) => afterSignOut(entry, server, user)),
      each(third(2), (user) => afterDowngrade(entry, server, user)),
    ]);
    return [
      worst(
        'accepted-after-expiry',
        expired.map(({ handled }) => handled),
        lifetime,
      ),
      worst(
        'delivered-after-expiry',
        expired.map(({ delivered }) => delivered),
        lifetime,
      ),
      worst(
        'accepted-after-revocation',
        signedOut.map(({ handled }) => handled),
        lifetime,
      ),
      worst(
        'delivered-after-revocation',
        signedOut.map(({ delivered }) => delivered),
        lifetime,
      ),
      worst('accepted-after-downgrade', downgraded, lifetime),
    ];
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
}

async function afterExpiry(entry: Entry, server: Server, user: TestUser): Promise<Outcome> {
  const client = await signIn(entry, server, user);
  return probed(client, server, user, async (probe) => {
    const expiresAt = client.expiresAt ?? Date.now();
    await delay(expiresAt + WATCHED - Date.now());
    return outcome(probe, server, user, expiresAt);
  });
}

async function afterSignOut(entry: Entry, server: Server, user: TestUser): Promise<Outcome> {
  const client = await signIn(entry, server, user);
  return probed(client, server, user, async (probe) => {
    await delay(500);
    await client.signOut();
    const since = Date.now();
    await delay(WATCHED);
    return outcome(probe, server, user, since);
  });
}

/** Acts as a moderator, by deleting what was never said. */
async function afterDowngrade(entry: Entry, server: Server, user: TestUser): Promise<Staleness> {
  const client = await signIn(entry, server, user);
  const act = (talker: AuthSocket) => talker.request('deleteMessage', { id: crypto.randomUUID() });
  const probe = await StalenessProbe.open(client, { url: server.url, every: EVERY, act });
  return stopping(probe, async () => {
    await delay(500);
    await server.call.setRoles(user.subject, []);
    const since = Date.now();
    await delay(WATCHED);
    return stalenessOf(probe.stop().handled, since, Date.now());
  });
}

/** Opens a probe whose subject is notified all the time. */
async function probed<T>(
  client: StrategyClient,
  server: Server,
  { subject }: TestUser,
  use: (probe: StalenessProbe) => Promise<T>,
): Promise<T> {
  const probe = await StalenessProbe.open(client, { url: server.url, every: EVERY });
  return stopping(probe, async () => {
    await server.call.pushEvery(subject, EVERY);
    return use(probe);
  });
}

/** Stops a probe also where `use` fails: otherwise it would keep this process alive after its server has ended. */
async function stopping<T>(probe: { stop(): unknown }, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } finally {
    await probe.stop();
  }
}

async function outcome(probe: StalenessProbe, server: Server, { subject }: TestUser, since: number): Promise<Outcome> {
  const until = Date.now();
  const { handled, delivered } = probe.stop(await server.call.stopPushing(subject));
  return { handled: stalenessOf(handled, since, until), delivered: stalenessOf(delivered, since, until) };
}

/** Whoever means well. */
function goOn(
  entry: Entry,
  { lifetime: seconds, lifetimes, probes }: Profile,
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

async function signIn({ spec }: Entry, { url }: Server, { username, password }: TestUser): Promise<StrategyClient> {
  const { createClient } = await clientHalfOf(spec);
  const client = createClient({ url });
  await client.signIn(username, password);
  return client;
}

/** Credentials end on whole seconds: signing in just after one makes each live as long as it says. */
const nextSecond = (): Promise<void> => delay(1000 - (Date.now() % 1000) + 5);
