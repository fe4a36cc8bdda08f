import type { AuditReport, Spread, StalenessCell } from '../audits/engine/audit-file.ts';
import type { AuditedEnd } from '../bench/pages/choices.ts';
import type { End, LastUse } from '../bench/report/consequences.ts';
import { TOLERATED } from '../bench/report/leaks.ts';

/** How the audit calls the ends of a credential. */
const namesInAudit: Readonly<Record<End, StalenessCell['end']>> = {
  expiry: 'expiry',
  'sign-out': 'logout',
  ban: 'ban',
  'lost role': 'downgrade',
};

/** The figures of an audit after each end, at the 99th percentile. */
export const auditedEnds =
  (audit: AuditReport | undefined): AuditedEnd =>
  ({ strategy, variant }, end) => {
    const cell = audit?.staleness.find(
      (one) => one.strategy === strategy && one.variant === variant && one.end === namesInAudit[end],
    );
    if (cell === undefined || cell.void !== undefined) return undefined;
    // Without its role a user may still be sent to: only messages that need the role count.
    return { acts: lastUse(cell.handled), receives: end === 'lost role' ? undefined : lastUse(cell.delivered) };
  };

function lastUse(spread: Spread): LastUse | undefined {
  if (spread === null) return undefined;
  const censored = spread.censored > 0;
  return { ms: spread.p99, censored, goesOn: censored || spread.p99 > TOLERATED };
}
