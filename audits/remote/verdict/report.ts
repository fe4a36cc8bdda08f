import type { AnyFindingId } from './findings.ts';

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

/** A place in the source of the server. */
export interface Place {
  /** From the working directory, with slashes. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
  /** The observation there, in one sentence. */
  readonly seen: string;
}

/** The source that was read. */
export interface SourceRead {
  readonly folder: string;
  /** Counts of what was read. */
  readonly files: number;
  readonly gateways: number;
  /** Files that were not read or that could not be parsed, with the reason. */
  readonly unread: readonly string[];
}

/** One cause, however many checks show it. */
export interface ServerFinding {
  readonly id: AnyFindingId;
  readonly severity: Severity;
  /** The observation, in one sentence. */
  readonly seen: string;
  /** The checks that are broken by the same cause. */
  readonly checks: readonly string[];
  /** The frames in their order, without credentials. There are none if the source alone shows it. */
  readonly evidence: readonly string[];
  /** A client that reproduces it. Empty if the source alone shows it. */
  readonly reproduce: string;
  /** The places in the source that show it. */
  readonly places?: readonly Place[];
  /** The same for every run against the same described server, wherever it listens. */
  readonly fingerprint: string;
  /** Accepted by the owner, with the reason; or known from a baseline. */
  readonly accepted?: string;
}

/** All that a run tells. */
export interface ServerReport {
  /** Empty if the source alone was read. */
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
  /** The source that was read, if it was named. */
  readonly source?: SourceRead;
  /** The file that describes the server, if there is one. */
  readonly file?: string;
}
