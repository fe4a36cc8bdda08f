import type { FindingId } from './findings.ts';

/** From the worst on. */
export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** `kept` only where the same probe succeeded with a valid credential and failed with the bad one, in the same run. */
export type State = 'kept' | 'broken' | 'could not tell' | 'not applicable';

/** One question that was asked of the server. */
export interface Check {
  /** Such as `connect/forged` or `expiry/receive`; never changes. */
  readonly id: string;
  /** The group that a report shows it in, such as `a forged signature`. */
  readonly group: string;
  readonly question: Question;
  readonly state: State;
  /** The observation, or what is missing for one. */
  readonly note: string;
}

export const questions = {
  connect: 'CONNECT',
  handle: 'its messages are handled',
  receive: 'it receives',
  other: 'other',
} as const;
export type Question = keyof typeof questions;

/** One cause, however many checks show it. */
export interface ServerFinding {
  readonly id: FindingId;
  readonly severity: Severity;
  /** The observation, in one sentence. */
  readonly seen: string;
  /** The checks that are broken by the same cause. */
  readonly checks: readonly string[];
  /** The frames in their order, without credentials. */
  readonly evidence: readonly string[];
  /** A client that reproduces it. */
  readonly reproduce: string;
  /** The same for every run against the same described server, wherever it listens. */
  readonly fingerprint: string;
  /** Accepted by the owner, with the reason; or known from a baseline. */
  readonly accepted?: string;
}

/** All that a run tells. */
export interface ServerReport {
  readonly url: string;
  readonly namespace: string;
  readonly platform: string;
  readonly transport: string;
  /** How the valid client was answered, and what it received. */
  readonly control: string;
  readonly checks: readonly Check[];
  readonly findings: readonly ServerFinding[];
  /** Why the run ended before everything was asked. */
  readonly stopped?: string;
  readonly seconds: number;
  /** The file that describes the server, if there is one. */
  readonly file?: string;
}
