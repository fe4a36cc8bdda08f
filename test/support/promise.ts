import type { Strategy, Variant, VariantName } from '../../strategies/strategy.ts';
import type { AppOptions } from '../../harness/app.ts';
import { Scenario } from './scenario.ts';

/** What a promise is held against. */
export interface Subject {
  readonly strategy: Strategy;
  readonly variant: VariantName;
  start(options?: AppOptions): Promise<Scenario>;
}

/** Something that holds for every strategy and variant, unless it says why not. */
export interface Promised {
  /** Stable: a variant's deviations name it. */
  readonly id: string;
  readonly title: string;
  /** Whether the question makes sense; always, where absent. */
  readonly applies?: (variant: Variant, strategy: Strategy) => boolean;
  run(subject: Subject): Promise<void>;
}

/** A subject, and what ends whatever it started. */
export function subjectOf(strategy: Strategy, variant: VariantName): { subject: Subject; dispose(): Promise<void> } {
  const started: Scenario[] = [];
  const subject: Subject = {
    strategy,
    variant,
    async start(options) {
      const scenario = await Scenario.start(strategy, variant, options);
      started.push(scenario);
      return scenario;
    },
  };
  return { subject, dispose: async () => void (await Promise.all(started.map((scenario) => scenario.dispose()))) };
}
