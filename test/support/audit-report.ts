import { AUDIT_SCHEMA_VERSION, type AuditReport } from '../../audits/engine/audit-file.ts';

/** A small audit with each outcome in it. */
export function auditReport(changed: Partial<AuditReport> = {}): AuditReport {
  const audits = ['admits', 'ban', 'fixation'].map((id) => ({
    id,
    topic: 'Handshake',
    level: 'MUST' as const,
    promise: `MUST keep ${id}`,
    source: 'ASVS 7.2.1',
  }));
  const spread = { n: 100, p50: 1, p95: 3, p99: 5, max: 8, censored: 0 };
  const endless = { n: 5, p50: 2000, p95: 2001, p99: 2001, max: 2001, censored: 5 };
  const inside = {
    audits,
    columns: [
      {
        strategy: 'dear',
        variant: 'as-published' as const,
        title: 'Dear',
        findings: [
          { id: 'admits', outcome: 'pass' as const },
          { id: 'ban', outcome: 'deviation' as const, reason: 'Nothing remembers it', evidence: ['1 > 40/chat,{}'] },
          { id: 'fixation', outcome: 'not applicable' as const, reason: 'the credential is no cookie' },
        ],
      },
      {
        strategy: 'dear',
        variant: 'hardened' as const,
        title: 'Dear',
        findings: [
          { id: 'admits', outcome: 'pass' as const },
          { id: 'ban', outcome: 'fail' as const, reason: 'expected 1', evidence: ['1 < 44/chat,{}'] },
        ],
      },
    ],
  };
  return {
    schemaVersion: AUDIT_SCHEMA_VERSION,
    command: 'npm run audit',
    startedAt: '2026-11-24T00:00:00.000Z',
    seconds: 60,
    commit: null,
    inside,
    outside: { audits, columns: [{ ...inside.columns[1]!, strategy: 'peer', variant: null }] },
    staleness: [
      { strategy: 'dear', variant: 'as-published', end: 'ban', handled: endless, delivered: endless, closed: endless },
      { strategy: 'dear', variant: 'hardened', end: 'ban', handled: spread, delivered: spread, closed: spread },
    ],
    mutants: { mutants: 41, promises: 41, escaped: [] },
    ...changed,
  };
}
