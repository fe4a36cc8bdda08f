import type { Observation } from '../run/facts.ts';
import type { VariantId } from '../run/variants.ts';
import type { Line } from '../wire/client.ts';
import { isCut, isHandled, isListening } from './checks.ts';
import type { FindingId } from './findings.ts';
import type { Severity } from './report.ts';

/** One cause that a run shows. */
export interface Cause {
  readonly id: FindingId;
  readonly severity: Severity;
  readonly seen: string;
  readonly checks: readonly string[];
  readonly lines: readonly Line[];
  /** How a client reproduces it. */
  readonly by: Reproduction;
}

export interface Reproduction {
  /** The frames are sent as they were. */
  readonly replay?: true;
  /** The value in the place of the credential. */
  readonly variant: VariantId | 'valid';
  readonly origin?: true;
  readonly root?: true;
  /** The event that has to happen before the client tries. */
  readonly after?: string;
}

export const inMs = (ms: number): string => (ms >= 2000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`);
export const questionsOf = (ids: readonly string[], names: readonly string[]): string[] =>
  ids.flatMap((id) => names.map((name) => `${name}/${id}`));
export const ALL = ['connect', 'handle', 'receive'];

/** The final outcome of each credential. */
export type Outcome = 'refused' | 'acts' | 'acts, then cut' | 'receives' | 'receives, then cut' | 'stays' | 'cut';

export function outcomeOf(one: Observation): Outcome {
  if (one.connect !== 'admitted') return 'refused';
  if (isHandled(one)) return isCut(one) || (one.late !== 'handled' && isGone(one)) ? 'acts, then cut' : 'acts';
  if (isListening(one)) return isCut(one) ? 'receives, then cut' : 'receives';
  return isCut(one) ? 'cut' : 'stays';
}

/** It stays, and what it did at first it may not do any more. */
const isGone = ({ late }: Observation): boolean => late === 'refused';

export const STRANGERS: readonly VariantId[] = ['none', 'arbitrary'];
export const FORGERIES: readonly VariantId[] = ['forged', 'other-secret', 'alg-none'];
