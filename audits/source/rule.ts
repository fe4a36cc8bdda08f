import type { Node } from 'oxc-parser';
import type { FindingId } from '../remote/verdict/findings.ts';
import type { SourceFindingId } from '../remote/verdict/source-findings.ts';
import type { Severity } from '../remote/verdict/report.ts';
import type { Gateway } from './project/gateways.ts';
import type { ParsedFile } from './project/parsed-file.ts';
import type { Project } from './project/project.ts';

/** All that a rule looks at. */
export interface Reading {
  readonly project: Project;
  readonly gateways: readonly Gateway[];
}

/** A fault at one place of the source. */
export interface Fault {
  readonly file: ParsedFile;
  readonly at: Node;
  readonly severity: Severity;
  /** In one sentence, without a text of the source that may be a secret. */
  readonly seen: string;
  /** The namespace of its gateway, if it is known. */
  readonly namespace?: string | undefined;
}

/** Something that the source shows. The words about it are in `remote/verdict/source-findings.ts`. */
export interface Rule {
  readonly id: SourceFindingId;
  /** The findings of probes that have this cause. */
  readonly explains: readonly FindingId[];
  /** Checks of probes that are all kept only if the fault has no effect. */
  readonly refutedBy?: readonly string[];
  find(reading: Reading): Fault[];
}

export const rule = (given: Rule): Rule => given;
