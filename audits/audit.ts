import type { Strategy, Variant, VariantName } from '../strategies/strategy.ts';
import type { AppOptions } from '../harness/app.ts';
import { Scenario } from '../harness/scenario.ts';

/** What an audit is held against: a strategy in one variant, on as many fresh servers as it takes. */
export interface Subject {
  readonly strategy: Strategy;
  readonly variant: VariantName;
  start(options?: AppOptions): Promise<Scenario>;
}

export type Level = 'MUST' | 'SHOULD' | 'MAY';

/** What a variant's manifest says that decides whether a question makes sense. */
export type Asked = Pick<Variant, 'supports'> & Pick<Strategy, 'httpEndpoints'>;

/** Why the question makes no sense for a variant; undefined where it does. */
export type NotFor = (asked: Asked) => string | undefined;

export interface Conditions {
  /** The standard that asks for it, and where. */
  readonly source?: string;
  /** It can end or load a process. */
  readonly destructive?: true;
  readonly notFor?: NotFor;
}

/** A promise, and how to find out whether it is kept. */
export interface Audit extends Conditions {
  /** Never changes: deviations and reports name it. */
  readonly id: string;
  readonly level: Level;
  /** A sentence that begins with its level. */
  readonly promise: string;
  /** An expectation that fails in it is a finding; whatever else it throws is a fault of its own. */
  run(subject: Subject): Promise<void>;
}

export function audit(id: string, promise: `${Level} ${string}`, conditions: Conditions, run: Audit['run']): Audit {
  return { id, level: promise.split(' ', 1)[0] as Level, promise, ...conditions, run };
}

export const withoutRefreshTokens: NotFor = ({ httpEndpoints }) =>
  httpEndpoints.includes('refresh') ? undefined : 'there are no refresh tokens';

export const withoutTokens: NotFor = ({ supports }) => (supports.cookie ? 'there are no tokens' : undefined);

export const withoutCookies: NotFor = ({ supports }) => (supports.cookie ? undefined : 'the credential is no cookie');

export const withoutRenewalInBand: NotFor = ({ supports }) =>
  supports.renewal === 'in-band' ? undefined : 'nothing is renewed on a connection';

/** Why the question makes no sense for this variant; undefined where it does. */
export function notApplicable({ notFor }: Audit, strategy: Strategy, variant: VariantName): string | undefined {
  return notFor?.({ supports: strategy.variants[variant].supports, httpEndpoints: strategy.httpEndpoints });
}

export interface Held {
  readonly subject: Subject;
  /** What went over the wire so far, on all of its servers. */
  wire(): readonly string[];
  /** Ends whatever it started. */
  dispose(): Promise<void>;
}

/** What is done to the servers of a subject before an audit sees them: to show that it would be found. */
export interface Tampering {
  readonly options?: (given: AppOptions) => AppOptions;
  readonly sabotage?: (scenario: Scenario, options: AppOptions) => void;
}

/** A subject of which nothing is started yet. */
export function subjectOf(
  strategy: Strategy,
  variant: VariantName,
  { options: changed = (given) => given, sabotage = () => {} }: Tampering = {},
): Held {
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
