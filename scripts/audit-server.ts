import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { auditRemote } from '../audits/engine/remote-run.ts';
import { type LeakError, Secrets } from '../audits/remote/secrets.ts';
import { checkUrl, type Hooks, parseCredential, type Target, TargetError } from '../audits/remote/target.ts';
import { type Format, formats } from '../audits/report/formats.ts';
import type { Presented } from '../harness/app/scenario.ts';
import { noSuch, UsageError } from './command.ts';
import { durationMs } from './quantities.ts';

/** The options that name a server to audit, and how to audit it. */
export const serverOptions = {
  url: { type: 'string' },
  namespace: { type: 'string' },
  'credential-file': { type: 'string' },
  'unwelcome-credential-file': { type: 'string' },
  event: { type: 'string' },
  payload: { type: 'string' },
  'logout-url': { type: 'string' },
  hooks: { type: 'string' },
  wait: { type: 'string' },
  destructive: { type: 'boolean' },
  'i-own-this-server': { type: 'boolean' },
  format: { type: 'string' },
} as const;

type Values = {
  readonly [K in keyof typeof serverOptions]?: (typeof serverOptions)[K]['type'] extends 'string' ? string : boolean;
};

/** @throws UsageError, or TargetError where the server cannot be audited */
export async function auditServer(
  values: Values & { readonly url: string; readonly only?: string | undefined },
): Promise<void> {
  const format = values.format ?? 'table';
  if (!Object.hasOwn(formats, format)) throw new UsageError(noSuch('format', format, Object.keys(formats)));
  const known = targetOf(values);
  const secrets = Secrets.of(known);
  // A hook may fail after we stopped waiting for it. No `catch` would see that error.
  const fail = (error: unknown): never => {
    process.stderr.write(`${told(error, secrets)}\n`);
    process.exit(2);
  };
  process.once('uncaughtException', fail);
  try {
    await tell({ ...known, hooks: await hooksFrom(values.hooks) }, format as Format, secrets, values.only);
  } catch (error) {
    throw new UsageError(told(error, secrets));
  } finally {
    process.off('uncaughtException', fail);
  }
}

/** The text of an error without credentials. An unexpected error also shows its stack. */
function told(error: unknown, secrets: Secrets): string {
  const { message, stack = message } = error instanceof Error ? error : new Error(String(error));
  try {
    return secrets.redact(error instanceof TargetError || error instanceof UsageError ? message : stack);
  } catch (leak) {
    return (leak as LeakError).message;
  }
}

async function tell(target: Target, format: Format, secrets: Secrets, only: string | undefined): Promise<void> {
  const findings = await auditRemote(target, {
    only,
    secrets,
    onFinding: ({ audit: { id }, outcome }) => void process.stderr.write(`${id}: ${outcome}\n`),
  });
  process.stdout.write(`${formats[format](findings, target, secrets)}\n`);
  const lost = findings.filter((finding) => finding.lost);
  if (lost.length > 0) {
    const ids = lost.map(({ id }) => id).join(', ');
    process.stderr.write(`No answer could be had on ${ids}: ${lost[0]!.reason?.split('\n', 1)[0]}\n`);
    process.exitCode = 2;
  }
  if (findings.some(({ audit, outcome }) => outcome === 'fail' && audit.level === 'MUST')) process.exitCode = 1;
}

/** The hooks that a module exports. */
async function hooksFrom(file: string | undefined): Promise<Hooks> {
  if (file === undefined) return {};
  if (!existsSync(file)) throw new UsageError(`There is no module with hooks at ${file}`);
  return (await import(pathToFileURL(resolve(file)).href)) as Hooks;
}

function targetOf(values: Values & { readonly url: string }): Omit<Target, 'hooks'> {
  const owned = values['i-own-this-server'] ?? false;
  const namespace = values.namespace ?? '/';
  if (!namespace.startsWith('/')) throw new UsageError(`--namespace begins with /, got '${namespace}'`);
  const patience = durationMs('--wait', values.wait ?? '60s', { orZero: true });
  if (patience > 3_600_000) throw new UsageError(`--wait takes at most 1h, got '${values.wait}'`);
  const logoutUrl = values['logout-url'];
  if (logoutUrl !== undefined) checkUrl(logoutUrl, owned);
  return {
    url: checkUrl(values.url, owned),
    namespace,
    credential: credentialFrom(values['credential-file'], process.env['AUDIT_CREDENTIAL']),
    unwelcome: credentialFrom(values['unwelcome-credential-file'], undefined),
    event: values.event ?? 'sendMessage',
    payload: payloadOf(values.payload ?? '{"text":"audit"}'),
    logoutUrl,
    destructive: values.destructive ?? false,
    patience,
  };
}

function credentialFrom(file: string | undefined, environment: string | undefined): Presented | undefined {
  if (file === undefined)
    return environment === undefined ? undefined : parseCredential(environment, 'AUDIT_CREDENTIAL');
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TargetError(`Cannot read the credential from ${shown(file)}: ${code}`);
  }
  return parseCredential(text, file === '-' ? 'standard input' : file);
}

/** A value in a wrong place may be the credential itself, so a long one is not repeated. */
const shown = (given: string): string => (given.length <= 24 ? given : `a text of ${given.length} characters`);

function payloadOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`--payload takes JSON, got '${shown(text)}'`);
  }
}
