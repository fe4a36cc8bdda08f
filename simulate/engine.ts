import TinyQueue from 'tinyqueue';

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Events in the order of their times, in ms; those of one time in the order that they were planned in. */
export class Timeline {
  now = 0;
  #order = 0;
  readonly #events = new TinyQueue<Event>([], (a, b) => a.at - b.at || a.order - b.order);

  after(delay: number, run: () => void): void {
    this.#events.push({ at: this.now + delay, order: this.#order++, run });
  }

  /** Runs what is planned, and what that plans, up to a time. */
  runUntil(end: number): void {
    for (let next = this.#events.peek(); next !== undefined && next.at <= end; next = this.#events.peek())
      this.#runFirst();
    this.now = end;
  }

  /** Runs what is planned, and what that plans, for as long as it is wanted. */
  runWhile(isWanted: () => boolean): void {
    while (this.#events.length > 0 && isWanted()) this.#runFirst();
  }

  #runFirst(): void {
    const { at, run } = this.#events.pop()!;
    this.now = at;
    run();
  }
}

/** First come, first served, by so many at a time. */
export class Station {
  readonly #timeline: Timeline;
  /** When each server is free, in ms. */
  readonly #free: number[];

  constructor(timeline: Timeline, servers = 1) {
    this.#timeline = timeline;
    this.#free = Array.from({ length: servers }, () => 0);
  }

  serve(service: number, done: () => void = () => {}): void {
    const { now } = this.#timeline;
    const soonest = this.#free.indexOf(Math.min(...this.#free));
    const end = Math.max(now, this.#free[soonest]!) + service;
    this.#free[soonest] = end;
    this.#timeline.after(end - now, done);
  }
}

/** Exponential, with that mean. */
export const exponential = (mean: number, random: () => number): number => -mean * Math.log(1 - random());

/**
 * Calls at random times, `perSecond` on average, for as long as the timeline runs; `longest` cuts the time between two
 * calls, in ms.
 */
export function poisson(
  timeline: Timeline,
  perSecond: number,
  random: () => number,
  run: () => void,
  longest = Infinity,
): void {
  if (perSecond <= 0) return;
  const next = (): void =>
    timeline.after(Math.min(longest, exponential(1000 / perSecond, random)), () => {
      run();
      next();
    });
  next();
}
