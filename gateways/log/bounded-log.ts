import { Logger } from '@nestjs/common';
import { networkOf } from '../../strategies/shared/address.ts';
import { systemClock } from '../../strategies/shared/clock.ts';
import { ConfigurationError, ProviderError, StoreError } from '../../strategies/shared/errors.ts';
import { type Clock, type Report, type SecurityEvent } from '../../strategies/strategy.ts';

/** How often the lines that were not written are told as a total, in ms. */
const INTERVAL = 60_000;
/** How many lines of one kind an interval may have: of refusals and failures, and of what went through. */
const FEW = 5;
const FEW_ACCEPTED = 10;
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

/**
 * The report that an application has unless it gives one: JSON lines to Nest's logger, bounded. Refusals are counted by
 * event, code and network, so that a stranger hides nobody else's. In a minute, each of two logs writes at most 5 lines of
 * each of 64 kinds and of the others, 10 lines of each event that went through, and 65 totals.
 */
export function securityLog(clock: Clock): { readonly report: Report; flush(): void } {
  const logger = new Logger('Security');
  const total = (kind: string, notWritten: number): void => {
    const told = kind === OTHERS ? { event: OTHERS } : (JSON.parse(kind) as object);
    logger.warn(JSON.stringify({ ...told, at: clock.now(), notWritten }));
  };
  const log = new BoundedLog(clock, total);
  // A log of their own: whoever has many networks would fill the other's kinds.
  const alarms = new BoundedLog(clock, total);
  return {
    flush() {
      log.flush();
      alarms.flush();
    },
    report(event) {
      const { code, subject, address } = event;
      const kind = { event: event.event, code };
      const warn = (): void => logger.warn(JSON.stringify(event));
      if (isAlarm(event)) alarms.write(JSON.stringify({ ...kind, subject }), FEW, warn);
      else if (code === undefined)
        log.write(JSON.stringify(kind), FEW_ACCEPTED, () => logger.log(JSON.stringify(event)));
      else log.write(JSON.stringify({ ...kind, network: address && networkOf(address) }), FEW, warn);
    },
  };
}

/** Whether it tells of a stolen token or a banned user: no other subject's may hide it. */
const isAlarm = ({ event, code, subject }: SecurityEvent): boolean =>
  subject !== undefined && (event === 'reuse' || code === 'token-reused' || code === 'banned');

/** Errors of the kit whose messages quote no credential. */
const isOwn = (error: Error): boolean =>
  [ConfigurationError, ProviderError, StoreError].some((own) => error instanceof own);

/** An error as the log shows it: its class and code. Only errors of the kit add their message: others may quote a credential. */
const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error;
  const code = 'code' in error ? ` (${String(error.code)})` : '';
  return `${error.name}${code}${isOwn(error) ? `: ${error.message}` : ''}`;
};

const failures = new BoundedLog(systemClock, (kind, notWritten) => {
  new Logger('Failures').error(`${kind}: ${notWritten} more times, not written`);
});

/** Logs that something failed, and what the error may tell. Bounded. */
export function logFailure(context: string, what: string, error: unknown): void {
  const line = `${what}: ${nameOf(error)}`;
  failures.write(`${context}: ${line}`, FEW, () => new Logger(context).error(line));
}

/** Logs an error of the application's own code, with its message and stack. Bounded by its class, code and place. */
export function logException(context: string, error: unknown): void {
  failures.write(`${context}: ${nameOf(error)}${placeOf(error)}`, FEW, () => new Logger(context).error(error));
}

/** The first line of the stack. The message comes before it, and may hold whatever a client sent. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return '';
  const [, line] = error.stack.replace(error.message, '').split('\n');
  return line === undefined ? '' : ` ${line.trim()}`;
}

/** Tells the totals of the failures now: the application closes. */
export const flushFailures = (): void => failures.flush();
