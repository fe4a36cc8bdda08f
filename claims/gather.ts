import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { audits } from '../audits/engine/catalogue.ts';
import { AUDIT_SCHEMA_VERSION, type AuditReport, type Column } from '../audits/engine/audit-file.ts';
import { runAudit } from '../audits/engine/runner.ts';
import { readRun, type Run } from '../bench/model/run-file.ts';
import { loadStrategy } from '../strategies/registry.ts';
import { variantNames } from '../strategies/strategy.ts';
import type { Claim, Needs } from './claim.ts';
import type { Recorded, Seen } from './evidence.ts';
import { onEveryLine } from './lines.ts';
import { observations } from './observations.ts';

const run = promisify(execFile);

export interface Gathering {
  /** Where this project is. */
  readonly root: string;
  /** The compiled `bench` command. */
  readonly bench: string;
  readonly onLine: (line: string) => void;
}

/** Runs whatever one claim rests on, afresh and alone. */
export async function gather({ needs }: Claim, gathering: Gathering): Promise<Recorded> {
  const { root, onLine } = gathering;
  return {
    platforms: needs.demonstrations === undefined ? [] : await onEveryLine(root, needs.demonstrations, onLine),
    observations: await observed(root, needs.observations ?? []),
    audit: needs.audits && (await auditOf(needs.audits, onLine)),
    run: needs.bench && (await measured(needs.bench, gathering)),
  };
}

/** What the small experiments of these names see. */
export async function observed(root: string, names: readonly string[]): Promise<Record<string, Seen>> {
  const all: Record<string, Seen> = {};
  for (const name of names) all[name] = await observations[name]!(root);
  return all;
}

async function auditOf(wanted: NonNullable<Needs['audits']>, onLine: (line: string) => void): Promise<AuditReport> {
  const columns: Column[] = [];
  for (const [id, ids] of Object.entries(wanted)) {
    const strategy = await loadStrategy(id);
    for (const variant of variantNames) {
      const findings = [];
      for (const audit of audits.filter((one) => ids.includes(one.id)))
        findings.push(await runAudit(audit, strategy, variant));
      columns.push({ strategy: id, variant, title: strategy.title, findings });
      onLine(`${id} ${variant}: ${findings.map((one) => `${one.id}: ${one.outcome}`).join(', ')}`);
    }
  }
  const nothing = { audits: [], columns: [] };
  return {
    schemaVersion: AUDIT_SCHEMA_VERSION,
    command: '',
    startedAt: new Date().toISOString(),
    seconds: 0,
    commit: null,
    inside: { audits: [], columns },
    outside: nothing,
    staleness: [],
    mutants: null,
  };
}

/** The cells of each suite, as one run. */
async function measured(
  { suites, strategy }: NonNullable<Needs['bench']>,
  { root, bench, onLine }: Gathering,
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'claim-'));
  try {
    const runs: Run[] = [];
    const wanted = suites.flatMap((suite) => [strategy].flat().map((id) => ({ suite, id })));
    for (const { suite, id } of wanted) {
      onLine(`Measuring ${suite} of ${id}`);
      const out = join(folder, `${suite} ${id}`);
      const args = ['--profile', 'brief', '--suite', suite, '--strategy', id, '--out', out];
      await run(process.execPath, [bench, ...args], { cwd: root, timeout: 300_000 });
      runs.push(readRun(join(out, 'run.json')));
    }
    return { ...runs[0]!, cells: runs.flatMap(({ cells }) => cells) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
