import { setTimeout as delay } from 'node:timers/promises';
import { presented, type RunningEntry } from './group.ts';

/**
 * Messages after which a server costs what it goes on to cost. In trials the first thousand cost ten times as much. After 6000,
 * servers still got cheaper by 10 to 30% over two slices: the baseline, which had more slices then, looked cheap. The limit is a
 * number, not a time, so that a slow server gets as many. V8 compiles again for another batch size, so the load is the measured one.
 */
const WARM = 12_000;
/** Messages before the first invalid-credential probes: V8 then compiles once more what it had compiled for members only. */
const FIRST = 4000;
/** The longest warm-up, and the interval between two counts, in ms. */
const LONGEST = 30_000;
const LOOK = 20;

/** The load of a warm-up. */
export interface WarmUp {
  readonly connections: number;
  /** Messages on their way at once. */
  readonly inFlight: number;
}

/** Connects the clients of one server and warms it up. */
export async function warmOne(
  { entry, server, generator }: RunningEntry,
  { connections, inFlight }: WarmUp,
): Promise<void> {
  await generator.call.connect(server.url, connections);
  await generator.call.load(server.url, inFlight, false);
  await answered(server.url, generator, FIRST);
  if (entry.guarded) for (const kind of presented) await generator.call.intrude(server.url, kind, false);
  await answered(server.url, generator, WARM - FIRST);
  await generator.call.stop(server.url);
}

/**
 * Waits for so many answers more to a load that goes on.
 * @throws Error where they take too long
 */
export async function answered(url: string, { call }: RunningEntry['generator'], messages: number): Promise<void> {
  const until = Date.now() + LONGEST;
  const { count: before } = await call.sample(url);
  while ((await call.sample(url)).count - before < messages) {
    if (Date.now() > until) throw new Error(`it answered fewer than ${messages} messages in ${LONGEST / 1000} s`);
    await delay(LOOK);
  }
}
