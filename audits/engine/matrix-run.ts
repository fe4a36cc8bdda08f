import type { AppOptions } from '../../harness/app/app.ts';
import { inLanes } from '../../harness/app/lanes.ts';
import type { StoreSpec } from '../../harness/app/store.ts';
import { type Strategy, variantNames } from '../../strategies/strategy.ts';
import type { Audit } from './audit.ts';
import {
  type AcrossNodes,
  ACROSS_NODES_BUDGET,
  type AuditReport,
  budget,
  type Column,
  type Finding,
  type Matrix,
  type StalenessCell,
} from './audit-file.ts';
import { remoteAudits, rowsOf } from './catalogue.ts';
import { auditOutside, type Outside } from './outside.ts';
import { runAudit } from './runner.ts';

/** Servers that are audited from outside side by side: they wait for expiries most of the time. */
const SIDE_BY_SIDE = 6;

/** Called with a line for each column that is done. */
type OnColumn = (line: string) => void;

/** Holds strategies in both variants to the audits chosen, one after the other: each has the process to itself. */
export async function insideMatrix(
  strategies: readonly Strategy[],
  chosen: readonly Audit[],
  onColumn: OnColumn,
  store?: StoreSpec,
): Promise<Matrix> {
  const tampering = store && { options: (given: AppOptions) => ({ ...given, store }) };
  const columns: Column[] = [];
  for (const strategy of strategies) {
    for (const variant of variantNames) {
      const findings: Finding[] = [];
      for (const audit of chosen) findings.push(await runAudit(audit, strategy, variant, tampering));
      columns.push({ strategy: strategy.id, variant, title: strategy.title, findings });
      onColumn(`${strategy.id} ${variant}: ${countOf(findings)}`);
    }
  }
  return { audits: rowsOf(chosen), columns };
}

/** Holds entries, peers among them, to what can be seen from outside. */
export async function outsideMatrix(entries: readonly Outside[], onColumn: OnColumn): Promise<Matrix> {
  const columns: Column[] = [];
  await inLanes([...entries.entries()], SIDE_BY_SIDE, async ([index, spec]) => {
    const column = await auditOutside(spec);
    columns[index] = column;
    onColumn(
      `${[column.strategy, column.variant].filter(Boolean).join(' ')}, from outside: ${countOf(column.findings)}`,
    );
  });
  return { audits: rowsOf(remoteAudits), columns };
}

/**
 * What a gate would stop at, a line each: a MUST that is broken without a deviation, or an answer that was not had. From
 * outside nobody declares a deviation: there, the answers alone count.
 */
export function brokenOf({ inside, outside, staleness, acrossNodes = [], mutants }: AuditReport): string[] {
  const levels = new Map(inside.audits.map(({ id, level }) => [id, level]));
  const lines = ({ columns }: Matrix, counts: (finding: Finding) => boolean) =>
    columns.flatMap(({ strategy, variant, findings }) =>
      findings
        .filter(counts)
        .map(
          ({ id, outcome, reason = '' }) => `${strategy} ${variant}: ${id}: ${outcome}: ${reason.split('\n', 1)[0]}`,
        ),
    );
  return [
    ...lines(inside, ({ id, outcome }) => outcome === 'unknown' || (outcome === 'fail' && levels.get(id) === 'MUST')),
    ...lines(outside, ({ outcome }) => outcome === 'unknown'),
    ...staleness
      .filter(isOverBudget)
      .map(
        ({ strategy, variant, end, handled }) =>
          `${strategy} ${variant}: ${handled?.p99 ?? 'no'} ms from ${end} to the last handled act, p99, of ${budget.ms} ms`,
      ),
    ...acrossNodes
      .filter(({ closed }) => !(closed?.censored === 0 && closed.p99 <= ACROSS_NODES_BUDGET))
      .map(acrossText),
    ...(mutants?.escaped ?? []).map((fault) => `not caught: ${fault}`),
  ];
}

/** The figure of one strategy and its budget, in a line. */
export function acrossText({ strategy, closed }: AcrossNodes): string {
  const [p50, p99] = [closed?.p50, closed?.p99].map((ms) => ms?.toFixed(1) ?? 'no');
  return `${strategy}: ${p50} ms (p50) and ${p99} ms (p99) from revoke on one node to the end of a connection on another, of ${ACROSS_NODES_BUDGET} ms (p99)`;
}

/** Where what was asked in both came out otherwise, a line each; and how much was asked in both. */
export function differencesOf(one: Matrix, other: Matrix): { asked: number; lines: string[] } {
  const answers = ({ columns }: Matrix) =>
    new Map(
      columns.flatMap(({ strategy, variant, findings }) =>
        findings.map(({ id, outcome }) => [`${strategy} ${variant}: ${id}`, outcome] as const),
      ),
    );
  const before = answers(one);
  const both = [...answers(other)].filter(([name]) => before.has(name));
  const lines = both
    .filter(([name, outcome]) => before.get(name) !== outcome)
    .map(([name, outcome]) => `${name}: ${before.get(name)}, and here ${outcome}`);
  return { asked: both.length, lines };
}

/** Of those that promise to end it. */
const isOverBudget = ({ variant, end, handled }: StalenessCell): boolean =>
  variant === 'hardened' && budget.ends.includes(end) && !(handled?.censored === 0 && handled.p99 <= budget.ms);

function countOf(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of findings) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
}
