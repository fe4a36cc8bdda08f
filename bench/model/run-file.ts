import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { variantNames } from '../../strategies/strategy.ts';

export const SCHEMA_VERSION = 6;

export const roles = ['strategy', 'baseline', 'twin', 'control', 'peer', 'platform-layer'] as const;
const role = z.enum(roles);

const bound = z.number().nullable();
/** 95%; the bounds are null where there are too few blocks for any. */
const interval = z.object({ estimate: z.number(), ciLow: bound, ciHigh: bound });
const ratio = interval.extend({
  /** Of no difference, two-sided, not corrected for other comparisons. */
  p: bound,
  /** How many pairs of blocks. */
  n: z.number().int(),
});

const cell = z.object({
  suite: z.string(),
  role,
  /** A strategy's id, or that of whatever else stands in the row. */
  strategy: z.string(),
  variant: z.enum(variantNames).nullable(),
  metric: z.string().regex(/^[a-z][a-z0-9-]*$/),
  unit: z.string(),
  better: z.enum(['lower', 'higher']),
  median: z.number(),
  ciLow: bound,
  ciHigh: bound,
  /** Against `_no-auth`, pair by pair of blocks; null where there is nothing to compare with. */
  ratio: ratio.nullable(),
  /** What it adds to `_no-auth`, in the metric's unit, pair by pair of blocks. */
  added: interval.nullable(),
  /** One value a repetition; null where its block was void. */
  blocks: z.array(z.number().nullable()),
  /**
   * Against `_no-auth`, and what it adds to it, in the metric's unit, one value a repetition: the median over the slices
   * of a block that has slices, and else block by block. Null where there is nothing to compare with.
   */
  ratios: z.array(z.number().nullable()).nullable(),
  addeds: z.array(z.number().nullable()).nullable(),
  /** Why blocks were void, each reason once. */
  voided: z.array(z.string()).optional(),
  /** Percentiles of all that was timed, as [percentile, value in the metric's unit]. */
  distribution: z.array(z.tuple([z.number(), z.number()])).optional(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** It had not stopped when the watch did: the figure is a lower bound. */
  censored: z.literal(true).optional(),
  void: z.string().optional(),
});

const environment = z.object({
  cpu: z.string(),
  cores: z.number().int(),
  memoryGiB: z.number(),
  cgroup: z.object({ cpus: z.string().nullable(), memory: z.string().nullable() }),
  platform: z.string(),
  kernel: z.string(),
  node: z.string(),
  packages: z.record(z.string(), z.string()),
  commit: z.string().nullable(),
  dirty: z.boolean(),
  /** Of Node, in every process that measures or is measured; the suite runtime says in `params` what its servers had. */
  flags: z.array(z.string()),
  /** The core that the generator keeps to, and that of the servers; null where they may use any. */
  pinned: z.object({ generator: z.number().int(), servers: z.number().int() }).nullable(),
});

/** A start and an end, in ms since the connections of the timeline were open. */
const span = z.tuple([z.number(), z.number()]);
const connection = z.object({
  open: z.array(span),
  /** When its client was entitled to be served. */
  entitled: z.array(span),
  /** Stretches in which messages were handled, or notifications arrived. */
  served: z.array(span),
  /** Stretches in which messages were refused or not answered, or notifications were lost. */
  failed: z.array(span),
  /** How many messages or notifications these stretches hold. */
  count: z.object({ served: z.number().int(), failed: z.number().int() }),
  renewals: z.array(z.number()),
  reconnects: z.array(z.number()),
});

/** The facts of one client around one end of its credential. The picture is drawn from them. */
const timeline = z.object({
  role,
  strategy: z.string(),
  variant: z.enum(variantNames).nullable(),
  end: z.enum(['expiry', 'sign-out', 'ban']),
  /** One that renews and reconnects as it may, or one that holds a credential and renews nothing. */
  client: z.enum(['honest', 'holder']),
  /** The end of the credential; if it was renewed, the end of each one. */
  ends: z.array(z.number()),
  /** How long it was watched. */
  until: z.number(),
  /** The connection that talks, and the one that only listens. */
  acts: connection,
  receives: connection,
});

const run = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  command: z.string(),
  profile: z.string(),
  /** What it was narrowed to; null: nothing. */
  narrowed: z.object({ strategy: z.string().nullable(), suite: z.string().nullable() }),
  seed: z.number().int(),
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  /** Whether every cell that was asked for is there. */
  complete: z.boolean(),
  /** What failed, and whose answers were wrong, a line each. */
  failures: z.array(z.string()),
  environment,
  /** id -> what the report says of it */
  entries: z.record(
    z.string(),
    z.object({
      role,
      title: z.string(),
      summary: z.string(),
      /** With which library it verifies a token on each message, by variant, or by role where it has none. */
      verifies: z.record(z.string(), z.string()).optional(),
      /** The duty of client code as its credentials end: by variant, or by role if the entry has none. */
      clientDoes: z.record(z.string(), z.string()).optional(),
      /** In what a peer behaves differently, a sentence each. */
      differs: z.array(z.string()).optional(),
    }),
  ),
  timelines: z.array(timeline),
  cells: z.array(cell),
});

/** The JSON Schema of a run file, for who reads one without this code. */
export const runJsonSchema = (): unknown => z.toJSONSchema(run);

export type Role = (typeof roles)[number];
export type Cell = z.infer<typeof cell>;
export type Ratio = z.infer<typeof ratio>;
export type Interval = z.infer<typeof interval>;
export type Timeline = z.infer<typeof timeline>;
export type Environment = z.infer<typeof environment>;
export type Run = z.infer<typeof run>;

/** A run file that cannot be used; the message names the file and the field. */
export class RunFileError extends Error {
  override readonly name = 'RunFileError';
}

export function readRun(path: string): Run {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? `it is not JSON (${cause.message})` : 'it cannot be opened';
    throw new RunFileError(`Cannot read the run ${path}: ${why}`, { cause });
  }
  return parseRun(json, path);
}

/** @throws RunFileError that names the first field that is wrong, or the version where that is another */
function parseRun(json: unknown, path: string): Run {
  const other = otherVersion(json);
  if (other !== undefined) throw new RunFileError(`Cannot use the run ${path}: ${other}`);
  const parsed = run.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  throw new RunFileError(`Cannot use the run ${path}: ${field?.replace(/^\./, '') || 'the file'}: ${issue?.message}`);
}

const versioned = z.object({ schemaVersion: z.number(), command: z.string().catch('npm run bench') });

/** The error for a run of another schema version; undefined if the version is ours or cannot be read. */
function otherVersion(json: unknown): string | undefined {
  const { data } = versioned.safeParse(json);
  if (data === undefined || data.schemaVersion === SCHEMA_VERSION) return undefined;
  return `it has schema version ${data.schemaVersion}, and this code reads version ${SCHEMA_VERSION} alone; run it again: ${data.command}`;
}

/** Checked, and written beside first, so that a run that is stopped leaves a whole file. */
export function writeRun(path: string, value: Run): void {
  const checked = parseRun(value, path);
  replaceFile(path, `${JSON.stringify(checked, null, 1)}\n`);
}

/** Writes a file in one step: what was there is not lost if the disk is full or the process ends. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}
