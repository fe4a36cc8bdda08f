import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../wire/client.ts';
import { type Control, enter } from './control.ts';
import type { Link } from './link.ts';

/** The valid client sends an event this often while others connect, in ms, and at most so many of them. */
const EVERY = 40;
const MOST_EVENTS = 20;
/** Listeners are heard for so long after the last of them has connected, in ms. */
const AFTER = 250;
/** A broadcast that the valid client caused is waited for so long, in ms: later it would look like another client's. */
const UNDER_WAY = 2000;
/** The last broadcast reaches all others within this time after the valid listener, in ms. */
const SPREAD = 100;
/** A push is waited for so long, in ms, and so many of them. */
const LONGEST_PUSH = 8000;
const PUSHES = 2;

/** The events that a listener received though only authenticated clients may receive them. */
export interface Received {
  readonly count: number;
  readonly names: readonly string[];
  /** In ms since the admission. */
  readonly first?: number;
  readonly last?: number;
}

/** The broadcasts that `client` has received since a moment. */
export function receivedBy(client: Client, { broadcasts }: Control, since = 0): Received {
  const told = client.heard.filter(({ kind, name, at }) => kind === 'event' && at >= since && broadcasts.has(name));
  const times = told.map(({ at }) => at - (client.admittedAt ?? at));
  return {
    count: told.length,
    names: [...new Set(told.map(({ name }) => name))],
    ...(times.length > 0 && { first: Math.min(...times), last: Math.max(...times) }),
  };
}

/**
 * Keeps broadcasts coming while `during` runs, and a while longer. Returns how many of them the valid listener received:
 * at 0, nothing can be said of others.
 */
export async function whileBroadcasting(link: Link, control: Control, during: () => Promise<void>): Promise<number> {
  const since = Date.now();
  const received = (): number => receivedBy(control.witness, control, since).count;
  if (control.broadcasts.size === 0) {
    await during();
    return 0;
  }
  if (control.isPushed) {
    await during();
    const started = received();
    await control.witness.until(() => (received() >= started + PUSHES ? true : undefined), LONGEST_PUSH);
    return received();
  }
  const sending = new AbortController();
  const sent = send(link, control, sending.signal);
  try {
    // The first broadcast shows that they are under way.
    await control.witness.until(() => (received() > 0 ? true : undefined), AFTER);
    await during();
    await delay(AFTER);
  } finally {
    sending.abort();
    await sent;
  }
  const count = await sent;
  await control.witness.until(() => (received() >= count ? true : undefined), UNDER_WAY);
  await delay(SPREAD);
  return received();
}

/** Returns how many events were sent. */
async function send(link: Link, { talker }: Control, stop: AbortSignal): Promise<number> {
  const { event } = link.server.description;
  if (event === undefined) return 0;
  let count = 0;
  for (; count < MOST_EVENTS && !stop.aborted; count++) {
    talker.emit(event.event, event.arguments);
    await delay(EVERY, undefined, { signal: stop }).catch(() => {});
  }
  return count;
}

/** Replaces valid clients that the server has ended: some let one connection live for each user. */
export async function revived(link: Link, control: Control): Promise<Control> {
  const { witness, talker, credential } = control;
  if (!witness.isOver && !talker.isOver) return control;
  const fresh = async () => (link.server.isFresh ? await link.server.valid?.() : credential);
  const listening = witness.isOver ? await enter(link, await fresh()) : witness;
  const second = await link.server.second?.();
  const talking = talker.isOver ? await enter(link, second ?? (await fresh())) : talker;
  return { ...control, witness: listening, talker: talking };
}
