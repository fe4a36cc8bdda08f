import { setTimeout as delay } from 'node:timers/promises';
import type { TestUser } from '../../../harness/app/app.ts';
import type { Server } from '../../../harness/processes/server.ts';
import { type Staleness, StalenessProbe, stalenessOf } from '../../../harness/probes/staleness.ts';
import type { AuthSocket } from '../../../strategies/shared/client/auth-socket.ts';
import type { StrategyClient } from '../../../strategies/strategy.ts';
import type { Entry } from '../../model/entry.ts';
import type { MetricName } from '../../model/metrics.ts';
import type { Sample } from '../../model/sample.ts';
import { lifetimesOf, nextSecond, onServer, signIn, stopping } from './common.ts';
import type { ExpirySettings } from './settings.ts';

/** How often a probe acts and is notified, in ms: what the figures resolve. */
const EVERY = 20;
/** A probe watches this long past the moment in question, in ms; what goes on is censored. */
const WATCHED = 2000;

/** Whoever holds a credential and does not care. */
export function hold(entry: Entry, { lifetime: seconds, probes }: ExpirySettings): Promise<Sample[]> {
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

async function outcome(probe: StalenessProbe, server: Server, { subject }: TestUser, since: number): Promise<Outcome> {
  const until = Date.now();
  const { handled, delivered } = probe.stop(await server.call.stopPushing(subject));
  return { handled: stalenessOf(handled, since, until), delivered: stalenessOf(delivered, since, until) };
}
