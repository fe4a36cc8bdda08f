import type { DescriptionInput } from '../../remote/description/schema.ts';
import type { SourceFindingId } from '../../remote/verdict/source-findings.ts';
import type { FindingId } from '../../remote/verdict/findings.ts';

/** A running server of the regression suite, as its owner describes it. */
export interface Served {
  readonly url: string;
  /** `ws-audit.json` without the address. */
  readonly description: Omit<DescriptionInput, 'url'>;
  /** The variables that the description names. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A small server with known faults, or with none. */
export interface AuditTarget {
  /** In one sentence: how it authenticates. */
  readonly title: string;
  /** The true findings, which must be found. Any other finding is a false one. */
  readonly finds: readonly FindingId[];
  /** The further findings with `--destructive`. */
  readonly destructive?: readonly FindingId[];
  /** The faults that its source shows. Any other is a false one. */
  readonly shown?: readonly SourceFindingId[];
  /** Checks that the description leaves open. Any other `could not tell` is a fault of the audit. */
  readonly untold?: readonly RegExp[];
  /** The description is wrong: nothing is audited, and the reason matches. */
  readonly fails?: RegExp;
  /** How long an expiry is waited for, in ms. */
  readonly patience?: number;
  serve(): Promise<Served>;
}

export const target = (given: AuditTarget): AuditTarget => given;

/** Checks that need more of the owner than most targets give. */
export const ENDS = /^(?:expiry|sign-out|ban|roles)\//;
export const FORBIDDEN = /\/forbidden$/;
/** A target with a valid credential alone. */
export const unasked: readonly RegExp[] = [ENDS, FORBIDDEN];
