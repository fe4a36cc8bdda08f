import { setTimeout as delay } from 'node:timers/promises';
import { type Field, presented, type Stall } from './field.ts';

/**
 * Messages after which a server costs nearly what it goes on to cost: in trials the first thousand cost ten times as much,
 * and by 10,000 V8 had compiled what they need; the last of these are those of the first turn, which is not measured. A
 * number and not a time: a dear server gets no fewer of them.
 */
const WARM = 8000;
/** Messages before the first invalid-credential probes: V8 then compiles once more what it had compiled for members only. */
const FIRST = 4000;
/** The longest warm-up and the interval between two counts, in ms. */
const LONGEST = 30_000;
const LOOK = 20;
/** Servers that are warmed up side by side, on all cores. */
const AT_ONCE = 3;

/** Warms servers up, a few at a time; those that fail leave the field. */
export async function warm(field: Field, stalls: readonly Stall[], inFlight: number): Promise<void> {
  const waiting = [...stalls];
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let stall = waiting.shift(); stall !== undefined; stall = waiting.shift()) {
      const { server, generator } = stall;
      await field.guard(stall, async () => {
        await generator.call.load(server.url, inFlight, false);
        await answered(server.url, generator, FIRST);
        for (const kind of presented) await generator.call.intrude(server.url, kind);
        await answered(server.url, generator, WARM - FIRST);
        await generator.call.stop(server.url);
      });
    }
  });
  await Promise.all(lanes);
}

/**
 * Waits for so many answers more to a load that goes on.
 * @throws Error where they take too long
 */
export async function answered(url: string, { call }: Stall['generator'], messages: number): Promise<void> {
  const until = Date.now() + LONGEST;
  const { count: before } = await call.done(url, false);
  while ((await call.done(url, false)).count - before < messages) {
    if (Date.now() > until) throw new Error(`it answered fewer than ${messages} messages in ${LONGEST / 1000} s`);
    await delay(LOOK);
  }
}
