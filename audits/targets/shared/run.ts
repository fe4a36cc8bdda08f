import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { auditServer } from '../../remote/audit.ts';
import { ownedServer } from '../../remote/description/owner.ts';
import { checkedDescription } from '../../remote/description/read.ts';
import { secretsOf } from '../../remote/description/known.ts';
import { TargetError } from '../../remote/target.ts';
import type { ServerReport } from '../../remote/verdict/report.ts';
import type { AuditTarget, Served } from './target.ts';

/** How the audit of a target compares with what is true of it. */
export interface Score {
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
  /** True findings that were found, that were not, and false ones. */
  readonly found: readonly string[];
  readonly missed: readonly string[];
  readonly wrong: readonly string[];
  /** Checks that were left open, though the description gives what they need. */
  readonly untold: readonly string[];
  /** The process ended. */
  readonly isEnded: boolean;
  readonly report?: ServerReport;
}

/** The folder of the targets. A copy of it elsewhere finds the Nest that is installed there. */
const here = fileURLToPath(new URL('../', import.meta.url));

/** Starts a target in a process of its own, audits it, and compares. */
export async function scoreOf(
  id: string,
  target: AuditTarget,
  destructive = false,
  folder: string = here,
): Promise<Score> {
  const child = fork(join(folder, `shared/process${extname(import.meta.url)}`), [id], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  try {
    const [served] = (await once(child, 'message')) as [Served];
    const startedAt = Date.now();
    const audited = await audit(served, target, destructive);
    const seconds = (Date.now() - startedAt) / 1000;
    const isEnded = child.exitCode !== null || child.signalCode !== null;
    const expected = new Set<string>([...target.finds, ...(destructive ? (target.destructive ?? []) : [])]);
    const common = { id, title: target.title, seconds, isEnded };
    if (typeof audited === 'string') {
      const isRight = target.fails?.test(audited) === true;
      return { ...common, found: [], missed: [...expected], wrong: isRight ? [] : [audited], untold: [] };
    }
    const ids = audited.findings.map((finding) => finding.id);
    return {
      ...common,
      found: ids.filter((one) => expected.has(one)),
      missed: [...expected].filter((one) => !ids.includes(one as never)),
      wrong: [...ids.filter((one) => !expected.has(one)), ...(target.fails ? ['it was audited'] : [])],
      untold: audited.checks
        .filter(
          ({ id: check, state }) => state === 'could not tell' && !target.untold?.some((known) => known.test(check)),
        )
        .map(({ id: check, note }) => `${check}: ${note}`),
      report: audited,
    };
  } finally {
    await stop(child);
  }
}

/** The report, or why the server could not be audited. */
async function audit(
  served: Served,
  { patience = 0 }: AuditTarget,
  destructive: boolean,
): Promise<ServerReport | string> {
  const { url, description: given, environment = {} } = served;
  const description = checkedDescription({ ...given, url }, false);
  const secrets = secretsOf(description);
  try {
    const learn = (secret: unknown): void => secrets.learn(secret);
    return await auditServer(ownedServer(description, { environment, patience, destructive, learn }), { secrets });
  } catch (error) {
    if (error instanceof TargetError) return secrets.redact(error.message);
    throw error;
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
