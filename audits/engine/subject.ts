import type { AppOptions } from '../../harness/app/app.ts';
import { Scenario } from '../../harness/app/scenario.ts';
import type { Strategy, VariantName } from '../../strategies/strategy.ts';
import type { Subject } from './audit.ts';

export interface StartedSubject {
  readonly subject: Subject;
  /** The frames so far, on all of its servers. */
  wire(): readonly string[];
  /** Ends whatever it started. */
  dispose(): Promise<void>;
}

/** What is done to the servers of a subject before an audit sees them: to show that the audit finds it. */
export interface Tampering {
  readonly options?: (given: AppOptions) => AppOptions;
  readonly sabotage?: (scenario: Scenario, options: AppOptions) => void;
}

/** A subject of which no server has been started yet. */
export function subjectOf(
  strategy: Strategy,
  variant: VariantName,
  { options: changed = (given) => given, sabotage = () => {} }: Tampering = {},
): StartedSubject {
  const started: Scenario[] = [];
  const subject: Subject = {
    strategy,
    variant,
    async start(given = {}) {
      const options = changed(given);
      const scenario = await Scenario.start(strategy, variant, options);
      started.push(scenario);
      sabotage(scenario, options);
      return scenario;
    },
  };
  return {
    subject,
    wire: () => started.flatMap(({ wire }) => wire.lines),
    dispose: async () => void (await Promise.all(started.map((scenario) => scenario.dispose()))),
  };
}
