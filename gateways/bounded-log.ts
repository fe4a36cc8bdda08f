import { Logger } from '@nestjs/common';
import { type Clock, type Report, systemClock } from '../strategies/strategy.ts';
import { nameOf } from './decision.ts';

/** How often the lines that were not written are told as a total, in ms. */
const INTERVAL = 60_000;
/** How many lines of one kind an interval may have: of refusals and failures, and of what went through. */
const FEW = 5;
const FEW_ACCEPTED = 20;
/** How many kinds are told apart in an interval; what is beyond counts as one more kind. */
const MOST_KINDS = 64;
const OTHERS = 'others';

/**
 * Writes the first few lines of each kind, and at the end of each interval how many of that kind it did not write:
 * a client that is refused a thousand times a second must not fill the log, nor hide what else is in it.
 */
class BoundedLog {
  readonly #clock: Clock;
  readonly #total: (kind: string, notWritten: number) => void;
  readonly #notWritten = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, total: (kind: string, notWritten: number) => void) {
    this.#clock = clock;
    this.#total = total;
  }

  /** Calls `line` for the first `few` of a kind in an interval. */
  write(kind: string, few: number, line: () => void): void {
    const known = this.#notWritten.has(kind) || this.#notWritten.size < MOST_KINDS;
    const key = known ? kind : OTHERS;
    const notWritten = (this.#notWritten.get(key) ?? -few) + 1;
    this.#notWritten.set(key, notWritten);
    this.#cancel ??= this.#clock.schedule(INTERVAL, () => this.flush());
    if (notWritten <= 0) line();
  }

  /** Tells the totals now, and begins a new interval. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const kinds = [...this.#notWritten];
    this.#notWritten.clear();
    for (const [kind, notWritten] of kinds) if (notWritten > 0) this.#total(kind, notWritten);
  }
}

/** The report that an application has unless it gives one: JSON lines to Nest's logger, bounded. */
export function securityLog(clock: Clock): { readonly report: Report; flush(): void } {
  const logger = new Logger('Security');
  const log = new BoundedLog(clock, (kind, notWritten) => {
    const [event, code] = kind.split(' ');
    logger.warn(JSON.stringify({ event, code, at: clock.now(), notWritten }));
  });
  return {
    flush: () => log.flush(),
    report(event) {
      if (event.code === undefined) log.write(event.event, FEW_ACCEPTED, () => logger.log(JSON.stringify(event)));
      else log.write(`${event.event} ${event.code}`, FEW, () => logger.warn(JSON.stringify(event)));
    },
  };
}

const failures = new BoundedLog(systemClock, (kind, notWritten) => {
  new Logger('Failures').error(`${kind}: ${notWritten} more times, not written`);
});

/** Logs that something failed, and the error's class and code; its message may quote a credential. Bounded. */
export function logFailure(context: string, what: string, error: unknown): void {
  const line = `${what}: ${nameOf(error)}`;
  failures.write(`${context}: ${line}`, FEW, () => new Logger(context).error(line));
}

/** Logs an error of the application's own code, with its message and stack. Bounded by the error's class and code. */
export function logException(context: string, error: unknown): void {
  failures.write(`${context}: ${nameOf(error)}`, FEW, () => new Logger(context).error(error));
}

/** Tells the totals of the failures now: the application closes. */
export const flushFailures = (): void => failures.flush();
