import { Logger } from '@nestjs/common';

/** Packages that print cookies, session ids, tokens or whole messages through `debug`, by the names that they use. */
const TALKATIVE = [
  'express-session',
  'engine',
  'engine:polling',
  'engine:socket',
  'engine:transport',
  'engine:ws',
  'send',
  'socket.io-adapter',
  'socket.io-parser',
  'socket.io-redis',
  'socket.io:client',
  'socket.io:namespace',
  'socket.io:parent-namespace',
  'socket.io:server',
  'socket.io:socket',
];

/** The names that a value of DEBUG enables and that print credentials. `*` matches anything; `-` before a name excludes it. */
export function debugOutputOf(value: string): string[] {
  const patterns = value.split(/[\s,]+/).filter((pattern) => pattern !== '');
  const matches = (name: string, pattern: string) =>
    new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`).test(name);
  const off = patterns.filter((pattern) => pattern.startsWith('-')).map((pattern) => pattern.slice(1));
  const on = patterns.filter((pattern) => !pattern.startsWith('-'));
  return TALKATIVE.filter(
    (name) => on.some((pattern) => matches(name, pattern)) && !off.some((pattern) => matches(name, pattern)),
  );
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Logs one warning at the start where DEBUG makes packages print credentials. */
export function warnOfDebugOutput(value = process.env['DEBUG'] ?? ''): void {
  const names = debugOutputOf(value);
  if (names.length === 0) return;
  new Logger('Security').warn(
    `DEBUG makes ${names.join(', ')} print cookies and tokens: credentials of your users will be printed. In production, unset DEBUG or exclude these names.`,
  );
}
