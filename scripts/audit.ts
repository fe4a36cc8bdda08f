import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import 'reflect-metadata';
import { audits, catalogue } from '../audits/index.ts';
import type { AuditReport, Column } from '../audits/outcome.ts';
import { matrix } from '../audits/report/matrix.ts';
import { runAudit } from '../audits/runner.ts';
import { loadStrategies } from '../strategies/registry.ts';
import { variantNames } from '../strategies/strategy.ts';
import { among, command, root } from './command.ts';

const HELP = `Usage: npm run audit [-- OPTIONS]

Holds every strategy in both variants to every promise, and writes the matrix.

  --strategy ID   only this one
  --only ID       only this promise
  --out DIR       where audit.json and AUDIT.md go (default results/audit)
  --list          the promises, and exit
  --help

Exits with 1 where a MUST is broken that no deviation declares, or where an answer could not be had.`;

await command(HELP, async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      strategy: { type: 'string' },
      only: { type: 'string' },
      out: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  });
  const all = (await loadStrategies()).filter(({ role }) => role !== 'template');
  const strategies = values.strategy === undefined ? all : [among('strategy', all, values.strategy)];
  const chosen = values.only === undefined ? audits : [among('audit', audits, values.only)];
  if (values.list) {
    for (const { id, promise, source } of chosen)
      process.stdout.write(`${id.padEnd(28)}${promise}${source === undefined ? '' : ` (${source})`}\n`);
    return;
  }
  const startedAt = new Date();
  const columns: Column[] = [];
  for (const strategy of strategies) {
    for (const variant of variantNames) {
      const findings = [];
      for (const audit of chosen) findings.push(await runAudit(audit, strategy, variant));
      columns.push({ strategy: strategy.id, variant, title: strategy.title, findings });
      process.stderr.write(`${strategy.id} ${variant}: ${countOf(columns.at(-1)!)}\n`);
    }
  }
  const report: AuditReport = {
    schemaVersion: 1,
    command: ['npm run audit', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    commit: commitOf(),
    audits: Object.entries(catalogue).flatMap(([topic, of]) =>
      of
        .filter((audit) => chosen.includes(audit))
        .map(({ id, level, promise, source }) => ({ id, topic, level, promise, ...(source && { source }) })),
    ),
    columns,
  };
  const out = values.out ?? join(root, 'results', 'audit');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'audit.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(join(out, 'AUDIT.md'), matrix(report));
  process.stdout.write(`${join(out, 'AUDIT.md')}\n`);
  const levels = new Map(audits.map(({ id, level }) => [id, level]));
  const broken = columns.flatMap(({ strategy, variant, findings }) =>
    findings
      .filter(({ id, outcome }) => outcome === 'unknown' || (outcome === 'fail' && levels.get(id) === 'MUST'))
      .map(({ id, outcome, reason = '' }) => `${strategy} ${variant}: ${id}: ${outcome}: ${reason.split('\n', 1)[0]}`),
  );
  for (const line of broken) process.stderr.write(`${line}\n`);
  if (broken.length > 0) process.exitCode = 1;
});

function countOf({ findings }: Column): string {
  const counts = new Map<string, number>();
  for (const { outcome } of findings) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}

function commitOf(): string | null {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}
