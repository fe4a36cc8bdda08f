import type { FindingText } from './finding-text.ts';
import { type FindingId, probeFindings } from './probe-findings.ts';
import { sourceFindings, type SourceFindingId } from './source-findings.ts';

export type { FindingText } from './finding-text.ts';
export { type FindingId, probeFindings } from './probe-findings.ts';

/** A finding of a probe, or one of the source alone. */
export type AnyFindingId = FindingId | SourceFindingId;

/** All findings, those of the source last. */
export const findings = { ...probeFindings, ...sourceFindings };

export const textOf = (id: AnyFindingId): FindingText => findings[id];

/** The page of a finding, from the repository's root. */
export const pageOf = (id: AnyFindingId): string => `audits/findings/${id}.md`;
