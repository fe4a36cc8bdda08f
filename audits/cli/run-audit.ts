import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { auditServer } from '../remote/audit.ts';
import { withHooks } from '../remote/description/hooks.ts';
import { secretsOf } from '../remote/description/known.ts';
import { ownedServer } from '../remote/description/owner.ts';
import { checkedDescription } from '../remote/description/read.ts';
import type { Secrets } from '../remote/secrets.ts';
import { type Hooks, TargetError } from '../remote/target.ts';
import { defaultLimits } from '../remote/wire/budget.ts';
import { type Format, formats } from '../report/server/formats.ts';
import { accepting, baselineFrom, exceptionsFrom, fails, severityFrom, writeBaseline } from './accepted.ts';
import { budgetFrom, descriptionFrom, type Values, waitFrom } from './options.ts';

/** The streams that a command writes to. */
export interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** Audits the described server and prints the report. Returns the exit code. @throws TargetError */
export async function runAudit(values: Values, { out, error }: Output): Promise<number> {
  const format = values.format ?? 'table';
  if (!Object.hasOwn(formats, format))
    throw new TargetError(`No format '${format}'. There are: ${Object.keys(formats).join(', ')}`);
  const failOn = severityFrom(values['fail-on']);
  const exceptions = exceptionsFrom(values.except);
  const baseline = baselineFrom(values.baseline);
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
    const named = file === undefined ? seen : { ...seen, file: relative('.', file) };
    const report = accepting(named, exceptions, baseline);
    if (values['write-baseline'] !== undefined) writeBaseline(values['write-baseline'], report);
    out(`${formats[format as Format](report, secrets)}\n`);
    const isOpen = report.stopped !== undefined || report.checks.some(({ state }) => state === 'could not tell');
    if (fails(report, failOn) || (values.strict === true && isOpen)) return 1;
    return report.stopped === undefined ? 0 : 2;
  });
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
