import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { findings } from '../remote/verdict/findings.ts';
import { TargetError } from '../remote/target.ts';
import { type ServerFinding, type ServerReport, severities, type Severity } from '../remote/verdict/report.ts';

/** The part of a finding that a baseline keeps: no address and no frame. */
type Known = Pick<ServerFinding, 'id' | 'fingerprint' | 'severity'>;

/** Findings that an owner accepts, by their ids, with the reason. @throws TargetError */
export function exceptionsFrom(given: readonly string[] = []): ReadonlyMap<string, string> {
  return new Map(
    given.map((text) => {
      const [, id = text, reason = ''] = /^([\w-]+)=(.+)$/s.exec(text) ?? [];
      if (!Object.hasOwn(findings, id))
        throw new TargetError(`--except: there is no finding '${id}'. There are: ${Object.keys(findings).join(', ')}`);
      if (reason.trim() === '') throw new TargetError(`--except takes a reason: ${id}="we check this in the proxy"`);
      return [id, reason.trim()];
    }),
  );
}

/** @throws TargetError */
export function baselineFrom(file: string | undefined): readonly Known[] {
  if (file === undefined) return [];
  if (!existsSync(file))
    throw new TargetError(`There is no baseline at ${file}; write one with --write-baseline ${file}`);
  try {
    const { findings: known } = JSON.parse(readFileSync(file, 'utf8')) as { findings: Known[] };
    return known.map(({ id, fingerprint, severity }) => ({ id, fingerprint, severity }));
  } catch {
    throw new TargetError(`${file} is not a baseline; write one with --write-baseline ${file}`);
  }
}

export function writeBaseline(file: string, { findings: all }: ServerReport): void {
  const known = all.map(({ id, severity, fingerprint }): Known => ({ id, severity, fingerprint }));
  writeFileSync(file, `${JSON.stringify({ findings: known }, null, 2)}\n`);
}

/** The same report, in which the findings that are known or excepted say so. One that has become worse is not known. */
export function accepting(
  report: ServerReport,
  exceptions: ReadonlyMap<string, string>,
  known: readonly Known[],
): ServerReport {
  const isKnown = ({ fingerprint, severity }: ServerFinding): boolean =>
    known.some((one) => one.fingerprint === fingerprint && rank(one.severity) <= rank(severity));
  return {
    ...report,
    findings: report.findings.map((finding) => {
      const why = exceptions.get(finding.id) ?? (isKnown(finding) ? 'known from the baseline' : undefined);
      return why === undefined ? finding : { ...finding, accepted: why };
    }),
  };
}

const rank = (severity: Severity): number => severities.indexOf(severity);

/** @throws TargetError */
export function severityFrom(given = 'high'): Severity {
  const found = severities.find((one) => one === given);
  if (found === undefined) throw new TargetError(`--fail-on takes ${severities.join(', ')}; got '${given}'`);
  return found;
}

/** Whether a run fails: a finding of this severity or worse that nobody has accepted. */
export const fails = ({ findings: all }: ServerReport, from: Severity): boolean =>
  all.some(({ severity, accepted }) => accepted === undefined && rank(severity) <= rank(from));
