import { createHash } from 'node:crypto';
import { type Check, type ServerFinding, type ServerReport, severities } from '../remote/verdict/report.ts';
import { rules } from './rules/index.ts';
import type { SourceFault, SourceReport } from './source.ts';

/** The report of a source alone. */
export const reportOf = (source: SourceReport, seconds: number): ServerReport =>
  withSource(
    { url: '', namespace: '', platform: 'source', transport: '', control: '', checks: [], findings: [], seconds },
    source,
  );

/** The report of a run with what the source shows: at the finding of the same cause, or as a finding of its own. */
export function withSource(report: ServerReport, { faults, ...source }: SourceReport): ServerReport {
  const findings = [...report.findings];
  for (const fault of faults) {
    const index = isOfTarget(fault, report) ? indexOfCause(fault, report.findings) : -1;
    const found = findings[index];
    if (found === undefined) findings.push(findingOf(fault, report));
    else findings[index] = { ...found, places: [...(found.places ?? []), fault.place] };
  }
  const { folder, files, gateways, unread } = source;
  return {
    ...report,
    source: { folder, files, gateways, unread },
    findings: findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity)),
  };
}

/** A gateway of another namespace was not asked. On the platform `ws` there are none. */
const isOfTarget = ({ namespace: own }: SourceFault, { namespace, platform }: ServerReport): boolean =>
  own === undefined || platform === 'ws' || own === namespace;

function indexOfCause({ explains }: SourceFault, findings: readonly ServerFinding[]): number {
  const first = explains.find((id) => findings.some((finding) => finding.id === id));
  return findings.findIndex(({ id }) => id === first);
}

function findingOf(fault: SourceFault, report: ServerReport): ServerFinding {
  const { id, severity, place, text } = fault;
  const refuting = isOfTarget(fault, report) ? refutingChecks(rules[id].refutedBy ?? [], report.checks) : '';
  return {
    id,
    severity: refuting === '' ? severity : 'info',
    seen: refuting === '' ? place.seen : `${place.seen} The probes saw no effect of it (${refuting}).`,
    checks: [],
    evidence: [],
    reproduce: '',
    places: [place],
    fingerprint: createHash('sha256').update([id, place.file, text].join('\n')).digest('hex').slice(0, 32),
  };
}

/** The checks that show that the fault has no effect, if all of them are kept. */
function refutingChecks(ids: readonly string[], checks: readonly Check[]): string {
  const kept = ids.filter((id) => checks.some((check) => check.id === id && check.state === 'kept'));
  return kept.length > 0 && kept.length === ids.length ? `kept: ${kept.join(', ')}` : '';
}
