import { execFileSync } from 'node:child_process';
import { type Strategy, variantNames } from '../strategies/strategy.ts';
import type { Audit } from './audit.ts';
import { catalogue } from './index.ts';
import type { AuditReport, Column, Finding } from './outcome.ts';
import { runAudit } from './runner.ts';

interface Run {
  readonly root: string;
  readonly command: string;
  /** Called with a line for each strategy and variant that is done. */
  onColumn(line: string): void;
}

/** Holds strategies in both variants to the audits chosen, one after the other: each has the process to itself. */
export async function auditStrategies(
  strategies: readonly Strategy[],
  chosen: readonly Audit[],
  { root, command, onColumn }: Run,
): Promise<AuditReport> {
  const startedAt = new Date();
  const columns: Column[] = [];
  for (const strategy of strategies) {
    for (const variant of variantNames) {
      const findings: Finding[] = [];
      for (const audit of chosen) findings.push(await runAudit(audit, strategy, variant));
      columns.push({ strategy: strategy.id, variant, title: strategy.title, findings });
      onColumn(`${strategy.id} ${variant}: ${countOf(findings)}`);
    }
  }
  return {
    schemaVersion: 1,
    command,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    commit: commitOf(root),
    audits: Object.entries(catalogue).flatMap(([topic, of]) =>
      of
        .filter((audit) => chosen.includes(audit))
        .map(({ id, level, promise, source }) => ({ id, topic, level, promise, ...(source && { source }) })),
    ),
    columns,
  };
}

/** What a gate would stop at, a line each: a MUST that is broken without a deviation, or an answer that was not had. */
export function brokenOf({ audits, columns }: AuditReport): string[] {
  const levels = new Map(audits.map(({ id, level }) => [id, level]));
  return columns.flatMap(({ strategy, variant, findings }) =>
    findings
      .filter(({ id, outcome }) => outcome === 'unknown' || (outcome === 'fail' && levels.get(id) === 'MUST'))
      .map(({ id, outcome, reason = '' }) => `${strategy} ${variant}: ${id}: ${outcome}: ${reason.split('\n', 1)[0]}`),
  );
}

function countOf(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of findings) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}

function commitOf(root: string): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
