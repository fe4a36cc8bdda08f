/** Something under way, and the seconds that it was expected to take. */
interface Running {
  readonly expected: number;
  /** Its share of the whole: less than `expected` where several run side by side. */
  readonly cost: number;
  readonly startedAt: number;
}

/** Work of this many seconds counts half: what came before fades. */
const HALF = 60;
/** From this part of its expected time on, a block under way slows down, so that it never seems finished. */
const LATE = 0.8;

/** How far a run is, from what its blocks were expected to take. Times are in seconds. */
export class Pace {
  readonly #total: number;
  readonly #running = new Map<string, Running>();
  #done = 0;
  #lastAt: number;
  /** Seconds on the clock for each second that was expected. */
  #pace = 1;
  #shownPercent = 0;
  #shownLeft = Infinity;

  constructor(total: number, now: number) {
    this.#total = total;
    this.#lastAt = now;
  }

  start(key: string, block: Omit<Running, 'startedAt'>, now: number): void {
    this.#running.set(key, { ...block, startedAt: now });
  }

  finish(key: string, now: number): void {
    const { cost = 0 } = this.#running.get(key) ?? {};
    this.#running.delete(key);
    this.#done += cost;
    if (cost === 0) return;
    const weight = 1 - 0.5 ** (cost / HALF);
    this.#pace += weight * ((now - this.#lastAt) / cost - this.#pace);
    this.#lastAt = now;
  }

  /** From 0 to 99; never falls. */
  percent(now: number): number {
    const part = this.#total === 0 ? 0 : this.#progress(now) / this.#total;
    this.#shownPercent = Math.max(this.#shownPercent, Math.min(99, Math.floor(100 * part)));
    return this.#shownPercent;
  }

  /** Seconds that are left; never rises, so that it waits where the run is slower than it was. */
  left(now: number): number {
    this.#shownLeft = Math.min(this.#shownLeft, Math.max(0, this.#total - this.#progress(now)) * this.#pace);
    return this.#shownLeft;
  }

  #progress(now: number): number {
    const running = [...this.#running.values()].map(({ expected, cost, startedAt }) => {
      const part = (now - startedAt) / Math.max(0.1, expected * this.#pace);
      return cost * (part <= LATE ? part : 1 - (1 - LATE) * Math.exp((LATE - part) / (1 - LATE)));
    });
    return this.#done + running.reduce((sum, part) => sum + part, 0);
  }
}

/** `about 4 min left`; a time under a minute in steps of 5 s. No time is given for what may take a while at the end. */
export function leftText(seconds: number): string {
  if (seconds >= 3570) return `about ${(seconds / 3600).toFixed(1)} h left`;
  if (seconds > 57) return `about ${Math.round(seconds / 60)} min left`;
  return seconds < 5 ? 'almost done' : `about ${5 * Math.ceil(seconds / 5)} s left`;
}
