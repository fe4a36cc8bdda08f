import type { RemoteAudit } from './audit.ts';
import type { Finding } from './audit-file.ts';
import { remoteAudits } from './catalogue.ts';
import { messageOf, outcomeOf } from './outcome.ts';
import { Probe } from '../remote/probe.ts';
import { Secrets } from '../remote/secrets.ts';
import type { Target } from '../remote/target.ts';

export interface RemoteFinding extends Finding {
  readonly audit: RemoteAudit;
  /** It was asked, and no answer could be had: the server is gone, or hangs. */
  readonly lost?: true;
}

/**
 * Holds somebody's server to what can be seen from outside, one audit after the other; those that may end it come last.
 * `secrets` takes in every credential that is seen on the way, for whoever tells the findings.
 * @throws TargetError where it cannot be reached
 */
export async function auditRemote(
  target: Target,
  {
    only,
    onFinding = () => {},
    secrets = Secrets.of(target),
  }: {
    readonly only?: string | undefined;
    readonly onFinding?: (finding: RemoteFinding) => void;
    readonly secrets?: Secrets;
  } = {},
): Promise<RemoteFinding[]> {
  await new Probe(target).check();
  const chosen = remoteAudits.filter(({ id }) => only === undefined || id === only);
  const findings: RemoteFinding[] = [];
  for (const audit of chosen.toSorted((one, other) => dangerOf(one) - dangerOf(other))) {
    const finding = { audit, ...(await auditOne(audit, target, secrets)) };
    findings.push(finding);
    onFinding(finding);
  }
  return findings;
}

/** What may load the server comes late, and what may end its process comes last. */
const dangerOf = ({ destructive, remote }: RemoteAudit): number => (remote.fatal ? 2 : Number(destructive ?? false));

/**
 * One audit of a server; what it takes and was not given is `unknown`, with the reason. No credential is in what it finds.
 * @throws LeakError where one would be
 */
async function auditOne(
  audit: RemoteAudit,
  target: Target,
  secrets = Secrets.of(target),
): Promise<Omit<RemoteFinding, 'audit'>> {
  const { id, remote } = audit;
  if (audit.destructive && !target.destructive) return { id, outcome: 'unknown', reason: 'it takes --destructive' };
  const missing = remote.missing?.(target);
  if (missing !== undefined) return { id, outcome: 'unknown', reason: missing };
  const probe = new Probe(target, secrets);
  try {
    await remote.run(probe);
    return { id, outcome: 'pass' };
  } catch (error) {
    const outcome = outcomeOf(error);
    const evidence = probe.evidence();
    const reason = messageOf(error, (text) => secrets.redact(text));
    return { id, outcome, ...(outcome === 'unknown' && { lost: true }), reason, evidence };
  } finally {
    probe.dispose();
  }
}
