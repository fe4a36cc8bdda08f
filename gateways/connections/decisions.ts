import type { EventEmitter } from 'node:events';
import { type AuthDecision, type Clock, type RefusalCode, refused } from '../../strategies/strategy.ts';
import { ConcurrencyLimiter } from '../../strategies/shared/concurrency-limiter.ts';
import { inTime } from '../../strategies/shared/in-time.ts';
import { logFailure } from '../log/bounded-log.ts';

/** Decisions under way at a time, and those that may wait; more are refused as `unavailable`. */
const DECISIONS = { atOnce: 64, waiting: 10_000 };

/** What `decide` answers; a decision that takes longer than `ms` is a refusal. Rejects where it throws. */
export const decisionWithin = (
  clock: Clock,
  ms: number,
  decide: () => AuthDecision | Promise<AuthDecision>,
): Promise<AuthDecision> => inTime(clock, ms, decide, () => refused('unavailable'));

/** Whose decision is waited for, and the event by which it leaves. */
interface Client {
  readonly emitter: Pick<EventEmitter, 'once' | 'off'>;
  readonly leaves: string;
}

/** A bounded number of decisions at a time, in the order in which they were asked for. */
export class Decisions {
  readonly #limiter = new ConcurrencyLimiter(DECISIONS);
  readonly #options: { readonly clock: Clock; readonly decisionTimeout: number };
  readonly #failed: (error: unknown) => void;

  /** `context` and `what` are logged if a decision fails, as `logFailure` does. */
  constructor(options: { readonly clock: Clock; readonly decisionTimeout: number }, context: string, what: string) {
    this.#options = options;
    this.#failed = (error) => logFailure(context, what, error);
  }

  /**
   * Answers what `decide` answers, once it is its turn. A client that leaves while it waits gives its place up: `decide` is
   * not called, and the answer is a refusal under `left`. Never rejects: where too many others wait, or `decide` fails or
   * takes too long, the answer is `unavailable`.
   */
  async ask(
    { emitter, leaves }: Client,
    left: RefusalCode,
    decide: () => AuthDecision | Promise<AuthDecision>,
  ): Promise<AuthDecision> {
    const leaving = new AbortController();
    const leave = (): void => leaving.abort();
    emitter.once(leaves, leave);
    try {
      return await this.#limiter.run(() => this.#decide(decide), leaving.signal);
    } catch {
      return refused(leaving.signal.aborted ? left : 'unavailable');
    } finally {
      emitter.off(leaves, leave);
    }
  }

  async #decide(decide: () => AuthDecision | Promise<AuthDecision>): Promise<AuthDecision> {
    try {
      return await decisionWithin(this.#options.clock, this.#options.decisionTimeout, decide);
    } catch (error) {
      this.#failed(error);
      return refused('unavailable');
    }
  }
}
