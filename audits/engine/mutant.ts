import type { AppOptions } from '../../harness/app/app.ts';
import type { Scenario } from '../../harness/app/scenario.ts';
import type { VariantName } from '../../strategies/strategy.ts';

/** A strategy with one fault, and the promise that the fault breaks. */
export interface Mutant {
  readonly fault: string;
  readonly breaks: string;
  readonly strategy: string;
  readonly variant?: VariantName;
  /** Options that are the fault, over those of the audit. */
  readonly options?: (given: AppOptions) => AppOptions;
  /** Done to a server that has just started. */
  readonly sabotage?: (scenario: Scenario, options: AppOptions) => void;
}
