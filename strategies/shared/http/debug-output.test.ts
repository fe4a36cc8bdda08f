import { Logger } from '@nestjs/common';
import { afterEach, expect, it, vi } from 'vitest';
import { debugOutputOf, warnOfDebugOutput } from './debug-output.ts';

afterEach(() => vi.restoreAllMocks());

it.each([
  ['', []],
  ['myapp:*,express:router', []],
  ['express-session', ['express-session']],
  ['engine*,-engine:ws', ['engine', 'engine:polling', 'engine:socket', 'engine:transport']],
  ['myapp socket.io:s*', ['socket.io:server', 'socket.io:socket']],
  ['*,-socket.io*,-engine*', ['express-session', 'send']],
  ['(,express.session', []],
])('DEBUG=%s switches on the credentials of %j', (value, names) => {
  expect(debugOutputOf(value)).toEqual(names);
});

it('one warning names what prints credentials, and nothing is logged where nothing does', () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  warnOfDebugOutput('myapp');
  expect(warn).not.toHaveBeenCalled();
  warnOfDebugOutput('express-session,send');
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn).toHaveBeenCalledWith(expect.stringMatching(/express-session, send.*credentials.*will be printed/));
});
