import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { auditServer } from '../remote/audit.ts';
import { withHooks } from '../remote/description/hooks.ts';
import { secretsOf } from '../remote/description/known.ts';
import { ownedServer } from '../remote/description/owner.ts';
import { checkedDescription } from '../remote/description/read.ts';
import { Secrets } from '../remote/secrets.ts';
import { type Hooks, TargetError } from '../remote/target.ts';
import type { ServerReport } from '../remote/verdict/report.ts';
import { defaultLimits } from '../remote/wire/budget.ts';
import { type Format, formats } from '../report/server/formats.ts';
import { accepting, baselineFrom, exceptionsFrom, fails, severityFrom, writeBaseline } from './accepted.ts';
import { budgetFrom, descriptionFrom, type Values, waitFrom } from './options.ts';

/** The streams that a command writes to. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** Options for the report. All others are for a running server. */
const OF_REPORT = new Set(['source', 'format', 'fail-on', 'strict', 'except', 'baseline', 'write-baseline']);

/**
 * Audits the described server, its source, or both, and prints the report. Returns the exit code.
 *
 * @throws TargetError
 */
export async function runAudit(values: Values, output: Output): Promise<number> {
  const finish = finishing(values, output);
  if (values.source === undefined) return auditDescribed(values, output, finish);
  const startedAt = Date.now();
  const { auditSource, reportOf, withSource } = await sourceAudit();
  const source = auditSource(values.source);
  if (values.url !== undefined || values.config !== undefined)
    return auditDescribed(values, output, (report, secrets) => finish(withSource(report, source), secrets));
  const orphan = Object.keys(values).find((name) => !OF_REPORT.has(name));
  if (orphan !== undefined)
    throw new TargetError(`--${orphan} is for a running server: also give --url or --config, or leave it out`);
  return finish(reportOf(source, (Date.now() - startedAt) / 1000), new Secrets());
}

type Finish = (report: ServerReport, secrets: Secrets) => number;

/** Checks the options of the report before anything is audited. @throws TargetError */
function finishing(values: Values, { out }: Output): Finish {
  const format = values.format ?? 'table';
  if (!Object.hasOwn(formats, format))
    throw new TargetError(`No format '${format}'. There are: ${Object.keys(formats).join(', ')}`);
  const failOn = severityFrom(values['fail-on']);
  const exceptions = exceptionsFrom(values.except);
  const baseline = baselineFrom(values.baseline);
  return (seen, secrets) => {
    const report = accepting(seen, exceptions, baseline);
    if (values['write-baseline'] !== undefined) writeBaseline(values['write-baseline'], report);
    out(`${formats[format as Format](report, secrets)}\n`);
    const isOpen = report.stopped !== undefined || report.checks.some(({ state }) => state === 'could not tell');
    if (fails(report, failOn) || (values.strict === true && isOpen)) return 1;
    return report.stopped === undefined ? 0 : 2;
  };
}

async function auditDescribed(values: Values, { error }: Output, finish: Finish): Promise<number> {
  const patience = waitFrom(values.wait);
  const limits = { ...defaultLimits, ms: defaultLimits.ms + patience, ...budgetFrom(values.budget) };
  const { given, file } = descriptionFrom(values);
  const description = checkedDescription(given, values['i-own-this-server'] ?? false, file);
  const secrets = secretsOf(description);
  return guarded(secrets, error, async () => {
    const owned = ownedServer(description, {
      patience,
      folder: file === undefined ? '.' : dirname(file),
      destructive: values.destructive ?? false,
      input: () => readFileSync(0, 'utf8'),
      learn: (secret) => secrets.learn(secret),
    });
    const server = withHooks(owned, await hooksFrom(values.hooks), (secret) => secrets.learn(secret));
    const seen = await auditServer(server, { secrets, limits, onProbe: (what) => error(`asking: ${what}\n`) });
    return finish(file === undefined ? seen : { ...seen, file: relative('.', file) }, secrets);
  });
}

/** The parser is a native module, so it is loaded for `--source` alone. @throws TargetError */
async function sourceAudit() {
  try {
    return await import('../source/index.ts');
  } catch (error) {
    throw new TargetError(`--source takes the package oxc-parser for this machine: ${(error as Error).message}`);
  }
}

/** Runs `run`, and takes credentials away from whatever it throws. */
async function guarded(secrets: Secrets, error: (text: string) => void, run: () => Promise<number>): Promise<number> {
  // A hook may fail after nobody waits for it any more. No `catch` would see that error.
  const fail = (thrown: unknown): never => {
    error(`${told(thrown, secrets)}\n`);
    process.exit(2);
  };
  process.once('uncaughtException', fail);
  try {
    return await run();
  } catch (thrown) {
    throw new TargetError(told(thrown, secrets));
  } finally {
    process.off('uncaughtException', fail);
  }
}

/** The text of an error without credentials. An unexpected error also shows its stack. */
function told(thrown: unknown, secrets: Secrets): string {
  const { message, stack = message } = thrown instanceof Error ? thrown : new Error(String(thrown));
  try {
    return secrets.redact(thrown instanceof TargetError ? message : stack);
  } catch (leak) {
    return (leak as Error).message;
  }
}

/** The hooks that a module exports. */
async function hooksFrom(file: string | undefined): Promise<Hooks> {
  if (file === undefined) return {};
  if (!existsSync(file)) throw new TargetError(`There is no module with hooks at ${file}`);
  return { ...((await import(pathToFileURL(resolve(file)).href)) as Hooks) };
}
