import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { variantNames } from '../../strategies/strategy.ts';

export const AUDIT_SCHEMA_VERSION = 2;

/** What came of an audit. A deviation is a failure that the strategy declares. */
const outcomes = ['pass', 'fail', 'deviation', 'not applicable', 'unknown'] as const;

const finding = z.object({
  id: z.string(),
  outcome: z.enum(outcomes),
  /** Why it fails, deviates, does not apply or is not known. */
  reason: z.string().optional(),
  /** What went over the wire, the last frames of it, where a promise was not kept. */
  evidence: z.array(z.string()).optional(),
});

const column = z.object({
  /** A strategy's id, or a peer's. */
  strategy: z.string(),
  /** Null for a peer, which has none. */
  variant: z.enum(variantNames).nullable(),
  title: z.string(),
  findings: z.array(finding),
});

const matrix = z.object({
  /** What was asked, in the order of its rows. */
  audits: z.array(
    z.object({
      id: z.string(),
      topic: z.string(),
      level: z.enum(['MUST', 'SHOULD', 'MAY']),
      promise: z.string(),
      source: z.string().optional(),
    }),
  ),
  columns: z.array(column),
});

/** What ends a credential while a connection holds it. */
export const ends = ['expiry', 'logout', 'ban', 'downgrade'] as const;
export type End = (typeof ends)[number];

/** ms; null where no probe saw the end of it. */
const spread = z
  .object({
    n: z.number(),
    p50: z.number(),
    p95: z.number(),
    p99: z.number(),
    max: z.number(),
    /** Of these the end was not seen: they count as long as they were watched. */
    censored: z.number(),
  })
  .nullable();

const stalenessCell = z.object({
  strategy: z.string(),
  variant: z.enum(variantNames),
  end: z.enum(ends),
  /** From the moment in question to the last act that was handled, the last delivery, and the close. */
  handled: spread,
  delivered: spread,
  closed: spread,
  /** Why a probe told nothing, where one did. */
  void: z.string().optional(),
});

export type StalenessCell = z.infer<typeof stalenessCell>;
export type Spread = z.infer<typeof spread>;

/** From these to the last handled act there may be so many ms at the 99th percentile, in one process. */
export const budget: { readonly ends: readonly End[]; readonly ms: number } = { ends: ['logout', 'ban'], ms: 50 };

/** From `WsAuthService.revoke` on one node to the end of a connection on another, over Redis. */
const acrossNodes = z.object({ strategy: z.string(), closed: spread });
export type AcrossNodes = z.infer<typeof acrossNodes>;

/** How long that may take at the 99th percentile, in ms. */
export const ACROSS_NODES_BUDGET = 200;

const killScore = z.object({
  /** Strategies with one fault each. */
  mutants: z.number(),
  /** Promises that these break. */
  promises: z.number(),
  /** Those that the audit they break did not catch. */
  escaped: z.array(z.string()),
});
export type KillScore = z.infer<typeof killScore>;

const report = z.object({
  schemaVersion: z.literal(AUDIT_SCHEMA_VERSION),
  command: z.string(),
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  commit: z.string().nullable(),
  /** The day of the advisories that versions were held against; reports from before it was told have none. */
  advisoriesOf: z.iso.date().optional(),
  /** By what an app in this process shows. */
  inside: matrix,
  /** By what comes over the network alone, peers included. */
  outside: matrix,
  /** How long a credential goes on; empty where the command asked for some promises alone. */
  staleness: z.array(stalenessCell),
  /** Only with `--store redis`. */
  acrossNodes: z.array(acrossNodes).optional(),
  /** The verifier verified; null where the command asked for some promises alone. */
  mutants: killScore.nullable(),
});

export type Finding = z.infer<typeof finding>;
export type Column = z.infer<typeof column>;
export type Matrix = z.infer<typeof matrix>;
export type AuditReport = z.infer<typeof report>;

/** An audit file that cannot be used; the message names the file and what is wrong with it. */
export class AuditFileError extends Error {
  override readonly name = 'AuditFileError';
}

/**
 * Reads an audit.json.
 *
 * @throws AuditFileError that names the first field that is wrong, or the version if the file has another one
 */
export function readAudit(path: string): AuditReport {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? `it is not JSON (${cause.message})` : 'it cannot be opened';
    throw new AuditFileError(`Cannot read the audit ${path}: ${why}`, { cause });
  }
  const other = otherVersion(json);
  if (other !== undefined) throw new AuditFileError(`Cannot use the audit ${path}: ${other}`);
  const parsed = report.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  throw new AuditFileError(
    `Cannot use the audit ${path}: ${field?.replace(/^\./, '') || 'the file'}: ${issue?.message}`,
  );
}

const versioned = z.object({ schemaVersion: z.number(), command: z.string().catch('npm run audit') });

/** The error for an audit of another schema version; undefined if the version is ours or cannot be read. */
function otherVersion(json: unknown): string | undefined {
  const { data } = versioned.safeParse(json);
  if (data === undefined || data.schemaVersion === AUDIT_SCHEMA_VERSION) return undefined;
  return `it has schema version ${data.schemaVersion}, and this code reads version ${AUDIT_SCHEMA_VERSION} alone; run it again: ${data.command}`;
}
