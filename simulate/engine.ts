interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Events in the order of their times, in ms; those of one time in the order that they were planned in. */
export class Timeline {
  now = 0;
  #order = 0;
  readonly #heap: Event[] = [];

  after(delay: number, run: () => void): void {
    const heap = this.#heap;
    const event = { at: this.now + delay, order: this.#order++, run };
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = event;
  }

  /** Runs what is planned, and what that plans, up to a time. */
  runUntil(end: number): void {
    for (let [next] = this.#heap; next !== undefined && next.at <= end; [next] = this.#heap) {
      this.#dropFirst();
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  #dropFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(last, heap[child]!)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** First come, first served, by so many at a time. */
export class Station {
  readonly #timeline: Timeline;
  /** When each server is free, in ms. */
  readonly #free: number[];
  /** What was asked of it so far, in ms of service. */
  asked = 0;

  constructor(timeline: Timeline, servers = 1) {
    this.#timeline = timeline;
    this.#free = Array.from({ length: servers }, () => 0);
  }

  serve(service: number, done: () => void = () => {}): void {
    const { now } = this.#timeline;
    const soonest = this.#free.indexOf(Math.min(...this.#free));
    const end = Math.max(now, this.#free[soonest]!) + service;
    this.#free[soonest] = end;
    this.asked += service;
    this.#timeline.after(end - now, done);
  }
}

/** Exponential, with that mean. */
export const exponential = (mean: number, random: () => number): number => -mean * Math.log(1 - random());

/** Calls at random times, `perSecond` on average, for as long as the timeline runs. */
export function poisson(timeline: Timeline, perSecond: number, random: () => number, run: () => void): void {
  if (perSecond <= 0) return;
  const next = (): void =>
    timeline.after(exponential(1000 / perSecond, random), () => {
      run();
      next();
    });
  next();
}
