import { existsSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { shown } from '../remote/description/owner.ts';
import { readDescription } from '../remote/description/read.ts';
import type { DescriptionInput } from '../remote/description/schema.ts';
import { TargetError } from '../remote/target.ts';

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

/** The options that describe a server, and how to audit it. */
export const serverOptions = {
  config: text,
  url: text,
  source: text,
  platform: text,
  path: text,
  namespace: text,
  transports: text,
  origin: text,
  'credential-file': text,
  'credential-at': text,
  'second-credential-file': text,
  'expired-credential-file': text,
  'short-credential-file': text,
  'unwelcome-credential-file': text,
  event: text,
  arguments: text,
  payload: text,
  answer: text,
  before: text,
  refusal: text,
  receives: text,
  'logout-url': text,
  hooks: text,
  wait: text,
  budget: text,
  destructive: flag,
  'i-own-this-server': flag,
  format: text,
  'fail-on': text,
  strict: flag,
  except: { type: 'string', multiple: true },
  baseline: text,
  'write-baseline': text,
} as const;

export type Values = ReturnType<typeof parsed>['values'];

const DEFAULT_FILE = 'ws-audit.json';

/** @throws TypeError of `parseArgs` */
export const parsed = (args: readonly string[]) => parseArgs({ args: [...args], options: serverOptions });

/** The description that a file and the options give, and the file. @throws TargetError */
export function descriptionFrom(values: Values): { given: DescriptionInput; file: string | undefined } {
  const file = values.config ?? (values.url === undefined && existsSync(DEFAULT_FILE) ? DEFAULT_FILE : undefined);
  if (file === undefined && values.url === undefined)
    throw new TargetError(
      `Name the server: --url URL, or --config FILE (write one with: init --url URL), or its source: --source DIR`,
    );
  const base: DescriptionInput = file === undefined ? { url: values.url! } : readDescription(file);
  // Files of options are named from here, and those of a description from its folder.
  const from = (name: string): string => (file === undefined || name === '-' ? name : relative(dirname(file), name));
  return { given: withOptions(base, values, from), file };
}

function withOptions(base: DescriptionInput, values: Values, from: (file: string) => string): DescriptionInput {
  const { url, platform, path, namespace, transports, origin, receives } = values;
  const simple = { url, platform, path, namespace, origin, transports: listOf(transports), receives: listOf(receives) };
  const given = Object.fromEntries(Object.entries(simple).filter(([, value]) => value !== undefined));
  const logout = values['logout-url'];
  return {
    ...base,
    ...given,
    credential: credentialFrom(base.credential, values, from),
    ...eventFrom(base.event, values),
    ...(values.before !== undefined && { before: beforeFrom(values.before) }),
    ...(values.refusal !== undefined && { refusal: refusalFrom(values.refusal) }),
    ...(logout !== undefined && { actions: { ...base.actions, signOut: { url: logout } } }),
  };
}

const listOf = (given: string | undefined): string[] | undefined => given?.split(',').map((part) => part.trim());

function credentialFrom(
  base: DescriptionInput['credential'],
  values: Values,
  from: (file: string) => string,
): DescriptionInput['credential'] {
  const fileOf = (name: string | undefined) => (name === undefined ? undefined : { file: from(name) });
  const valid = fileOf(values['credential-file']) ?? base?.valid;
  const fromEnvironment = process.env['AUDIT_CREDENTIAL'] === undefined ? undefined : { env: 'AUDIT_CREDENTIAL' };
  const given = {
    at: values['credential-at'],
    valid: valid ?? fromEnvironment,
    second: fileOf(values['second-credential-file']),
    expired: fileOf(values['expired-credential-file']),
    short: fileOf(values['short-credential-file']),
    forbidden: fileOf(values['unwelcome-credential-file']),
  };
  return { ...base, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

function eventFrom(base: DescriptionInput['event'], values: Values): Pick<DescriptionInput, 'event'> {
  const { event, answer, payload, arguments: list } = values;
  if (event === undefined && base === undefined) {
    const orphan = (['arguments', 'payload', 'answer'] as const).find((name) => values[name] !== undefined);
    if (orphan !== undefined) throw new TargetError(`--${orphan} is for an event: also give --event`);
    return {};
  }
  const args =
    list === undefined
      ? payload === undefined
        ? undefined
        : [jsonOf('--payload', payload)]
      : jsonOf('--arguments', list);
  if (args !== undefined && !Array.isArray(args)) throw new TargetError('--arguments takes a list such as ["hello"]');
  return {
    event: {
      ...base,
      ...(event !== undefined && { event }),
      ...(args !== undefined && { arguments: args }),
      ...(answer !== undefined && { answer: answerFrom(answer) }),
    },
  } as Pick<DescriptionInput, 'event'>;
}

function answerFrom(given: string): NonNullable<NonNullable<DescriptionInput['event']>['answer']> {
  const [, kind, name] = /^(event|broadcast):(.+)$/.exec(given) ?? [];
  if (given === 'ack' || given === 'none') return given;
  if (kind === 'event') return { event: name! };
  if (kind === 'broadcast') return { broadcast: name! };
  throw new TargetError(`--answer takes ack, none, event:NAME or broadcast:NAME, got '${shown(given)}'`);
}

function beforeFrom(given: string): NonNullable<DescriptionInput['before']> {
  const list = jsonOf('--before', given);
  if (!Array.isArray(list) || !list.every((item) => Array.isArray(item) && typeof item[0] === 'string'))
    throw new TargetError('--before takes a list such as [["join", "lobby"]]');
  return (list as [string, ...never[]][]).map(([event, ...args]) => ({ event, arguments: args }));
}

function refusalFrom(given: string): NonNullable<DescriptionInput['refusal']> {
  if (!given.startsWith('/')) return { event: given };
  const [pointer = '', value] = given.split('=', 2);
  return { pointer, ...(value !== undefined && { value }) };
}

function jsonOf(option: string, given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    throw new TargetError(`${option} takes JSON, got '${shown(given)}'`);
  }
}

/** A time such as `60s` in ms. @throws TargetError */
export function waitFrom(given = '60s'): number {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(given) ?? [];
  const ms = Number(amount) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 's'];
  if (amount === undefined)
    throw new TargetError(`--wait takes a time such as 500ms, 60s or 5m; got '${shown(given)}'`);
  if (ms > 3_600_000) throw new TargetError(`--wait takes at most 1h, got '${given}'`);
  return ms;
}

/** `connections=N,messages=N,seconds=N`. @throws TargetError */
export function budgetFrom(given: string | undefined): { connections?: number; messages?: number; ms?: number } {
  if (given === undefined) return {};
  const parts = given.split(',').map((part) => {
    const [, name, amount] = /^(connections|messages|seconds)=(\d+)$/.exec(part.trim()) ?? [];
    if (name === undefined)
      throw new TargetError(
        `--budget takes limits such as connections=200,messages=1000,seconds=120; got '${shown(part)}'`,
      );
    return name === 'seconds' ? ['ms', Number(amount) * 1000] : [name, Number(amount)];
  });
  return Object.fromEntries(parts) as { connections?: number };
}
