import { setTimeout as delay } from 'node:timers/promises';
import type { TestUser } from '../../harness/app/app.ts';
import { clientHalfOf } from '../../harness/app/client-half.ts';
import type { EntrySpec } from '../../harness/app/entry.ts';
import { turnsApart } from '../../harness/app/lanes.ts';
import { type Server, startServer } from '../../harness/processes/server.ts';
import { closeOf, type Staleness, StalenessProbe, stalenessOf } from '../../harness/probes/staleness.ts';
import type { ProbedConnection } from '../../harness/probes/routes.ts';
import type { CreateClient, StrategyClient } from '../../strategies/strategy.ts';
import { type End, ends, type StalenessCell } from './audit-file.ts';
import { spreadOf } from './spread.ts';

/** It acts and is notified this often, in ms: what the figures resolve. */
const EVERY = 1;
/** How long a probe talks before the credential ends, in ms. The first answer of a connection can take tens of ms. */
const BEFORE = 200;
/** And is watched for so long after it, in ms, or until it is closed and so long past that. */
const WATCHED = 2000;
const AFTER_CLOSE = 20;
const LIFETIME = 2000;
const PROBES = 100;
/** Probes at a time, and that expire in the same second: more of them would measure how busy the machine is. */
const AT_ONCE = 3;
const EXPIRING_AT_ONCE = 8;
/**
 * The time between two requests for an end, in ms. A short pause of the machine then delays one end only, and one late end of
 * 100 does not change their 99th percentile.
 */
const APART = 50;
/** An entry whose end was missed so often has none. */
const MOST_CENSORED = 5;

interface Outcome {
  readonly handled: Staleness;
  readonly delivered: Staleness;
  readonly closed: Staleness;
}

/** How long a credential goes on, for each way in which it ends; the server runs in a process of its own. */
export async function measureStaleness(
  spec: EntrySpec & { kind: 'strategy' },
  onCell: (cell: StalenessCell) => void,
): Promise<StalenessCell[]> {
  const cells: StalenessCell[] = [];
  for (const end of ends) {
    const outcomes = await outcomesOf(spec, end);
    const cell = cellOf(spec, end, outcomes);
    cells.push(cell);
    onCell(cell);
  }
  return cells;
}

async function outcomesOf(spec: EntrySpec, end: End): Promise<Outcome[]> {
  const short = { accessToken: LIFETIME, wsToken: LIFETIME, sessionIdle: LIFETIME, absolute: LIFETIME };
  const server = await startServer({ spec, ...(end === 'expiry' && { lifetimes: short }) });
  try {
    const { createClient } = await clientHalfOf(spec);
    const users = await server.call.addUsers(end, PROBES, ['moderator']);
    return end === 'expiry'
      ? await expiring(server, createClient, users)
      : await ending(server, createClient, users, end);
  } finally {
    await server.stop();
  }
}

/** Credentials end on whole seconds: each second, a few more are issued, and watched side by side with the next ones. */
async function expiring(server: Server, createClient: CreateClient, users: readonly TestUser[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const running: Promise<void>[] = [];
  for (let at = 0; at < users.length && !isEndless(outcomes); at += EXPIRING_AT_ONCE) {
    await delay(1000 - (Date.now() % 1000) + 5);
    const batch = users.slice(at, at + EXPIRING_AT_ONCE).map(async (user) => {
      const client = await signIn(server, createClient, user);
      const since = client.expiresAt ?? Date.now() + LIFETIME;
      const probe = await StalenessProbe.open(client, { url: server.url, every: EVERY, from: since - BEFORE });
      await delay(since - BEFORE - Date.now());
      outcomes.push(await watch(server, user, probe, async () => (await delay(since - Date.now()), since)));
    });
    running.push(...batch);
    // Where the first ones do not end, more of them would only load the server.
    if (at === 0) await Promise.all(batch);
  }
  await Promise.all(running);
  return outcomes;
}

async function ending(
  server: Server,
  createClient: CreateClient,
  users: readonly TestUser[],
  end: Exclude<End, 'expiry'>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const act = (talker: ProbedConnection) => talker.request('deleteMessage', { id: crypto.randomUUID() });
  const itsTurn = turnsApart(APART);
  const probeOne = async (user: TestUser) => {
    const client = await signIn(server, createClient, user);
    const probe = await StalenessProbe.open(client, {
      url: server.url,
      every: EVERY,
      ...(end === 'downgrade' && { act }),
    });
    const outcome = await watch(server, user, probe, async () => {
      await delay(BEFORE);
      await itsTurn();
      // From when it was asked for: the figures hold what the asking takes.
      const since = Date.now();
      if (end === 'logout') await client.signOut();
      else if (end === 'ban') await server.call.setBanned(user.subject);
      else await server.call.setRoles(user.subject, []);
      return since;
    });
    outcomes.push(outcome);
  };
  // No sign-in falls into the time in which an end is awaited.
  for (let at = 0; at < users.length && !isEndless(outcomes); at += AT_ONCE) {
    await Promise.all(users.slice(at, at + AT_ONCE).map(probeOne));
  }
  return outcomes;
}

/** What still worked after the moment that `comes` answers, in ms since the epoch. */
async function watch(
  server: Server,
  { subject }: TestUser,
  probe: StalenessProbe,
  comes: () => Promise<number>,
): Promise<Outcome> {
  await server.call.pushEvery(subject, EVERY);
  const since = await comes();
  const closed = probe.closed.then(() => delay(AFTER_CLOSE));
  await Promise.race([closed, delay(since + WATCHED - Date.now())]);
  const until = Date.now();
  const { handled, delivered } = probe.stop(await server.call.stopPushing(subject));
  const [first, second] = [closeOf(handled, since, until), closeOf(delivered, since, until)];
  return {
    handled: stalenessOf(handled, since, until),
    delivered: stalenessOf(delivered, since, until),
    closed: first.ms > second.ms || first.censored ? first : second,
  };
}

const isEndless = (outcomes: readonly Outcome[]): boolean =>
  outcomes.filter(({ handled, delivered, closed }) => handled.censored || delivered.censored || closed.censored)
    .length >= MOST_CENSORED;

async function signIn(server: Server, createClient: CreateClient, user: TestUser): Promise<StrategyClient> {
  const client = createClient({ url: server.url });
  await client.signIn(user.username, user.password);
  return client;
}

function cellOf(spec: EntrySpec & { kind: 'strategy' }, end: End, outcomes: readonly Outcome[]): StalenessCell {
  const untold = outcomes.flatMap(({ handled, delivered }) => [handled.void, delivered.void]).find(Boolean);
  return {
    strategy: spec.id,
    variant: spec.variant,
    end,
    handled: spreadOf(told(outcomes.map(({ handled }) => handled))),
    delivered: spreadOf(told(outcomes.map(({ delivered }) => delivered))),
    closed: spreadOf(told(outcomes.map(({ closed }) => closed))),
    ...(untold !== undefined && { void: untold }),
  };
}

const told = (all: readonly Staleness[]): readonly Staleness[] => all.filter((one) => one.void === undefined);
