import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { variantNames } from '../strategies/strategy.ts';
import { type MetricName, metrics } from './metrics.ts';

export const SCHEMA_VERSION = 1;

const bound = z.number().nullable();
const interval = z.object({ estimate: z.number(), ciLow: bound, ciHigh: bound });

const cell = z.object({
  suite: z.string(),
  role: z.enum(['contestant', 'baseline', 'peer']),
  strategy: z.string(),
  variant: z.enum(variantNames).nullable(),
  metric: z.enum(Object.keys(metrics) as [MetricName, ...MetricName[]]),
  unit: z.string(),
  better: z.enum(['lower', 'higher']),
  median: z.number(),
  ciLow: bound,
  ciHigh: bound,
  /** Against `_open-door`, pair by pair of blocks; null where there is nothing to compare with. */
  ratio: interval.nullable(),
  /** What it adds to `_open-door`, in the metric's unit. */
  added: z.number().nullable(),
  /** One value a block; null where the block was void. */
  blocks: z.array(z.number().nullable()),
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
});

const run = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  command: z.string(),
  profile: z.string(),
  seed: z.number().int(),
  startedAt: z.iso.datetime(),
  seconds: z.number(),
  /** Whether every cell that was asked for is there. */
  complete: z.boolean(),
  environment,
  /** id -> what the report says of it */
  strategies: z.record(z.string(), z.object({ title: z.string(), summary: z.string() })),
  cells: z.array(cell),
});

export type Cell = z.infer<typeof cell>;
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

/** @throws RunFileError that names the first field that is wrong */
function parseRun(json: unknown, path: string): Run {
  const parsed = run.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  throw new RunFileError(`Cannot use the run ${path}: ${field?.replace(/^\./, '') || 'the file'}: ${issue?.message}`);
}

/** Checked, and written beside first, so that a run that is stopped leaves a whole file. */
export function writeRun(path: string, value: Run): void {
  const checked = parseRun(value, path);
  writeFileSync(`${path}.part`, `${JSON.stringify(checked, null, 1)}\n`);
  renameSync(`${path}.part`, path);
}
