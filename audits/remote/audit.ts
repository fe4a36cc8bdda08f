import type { OwnedServer } from './description/owner.ts';
import { observeServer } from './run/run.ts';
import type { Secrets } from './secrets.ts';
import { judge } from './verdict/judge.ts';
import type { ServerReport } from './verdict/report.ts';
import type { Limits } from './wire/budget.ts';

export interface AuditOptions {
  readonly secrets: Secrets;
  readonly limits?: Limits;
  /** Called with what is asked next. */
  readonly onProbe?: (what: string) => void;
}

/**
 * Audits a described server. No credential is in the report.
 *
 * @throws TargetError if the server cannot be reached, or if its valid client does not succeed
 */
export async function auditServer(server: OwnedServer, { secrets, ...options }: AuditOptions): Promise<ServerReport> {
  const startedAt = Date.now();
  const facts = await observeServer(server, { secrets, ...options });
  return judge(facts, server.description, {
    seconds: (Date.now() - startedAt) / 1000,
    redact: (text) => secrets.redact(text),
  });
}
