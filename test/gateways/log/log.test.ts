import { Logger } from '@nestjs/common';
import { expect, it, onTestFinished, vi } from 'vitest';
import { flushFailures, logException, logFailure, securityLog } from '../../../gateways/log/bounded-log.ts';
import { noLimits } from '../../../gateways/options/limits.ts';
import { ManualClock } from '../../../harness/app/manual-clock.ts';
import { ProviderError } from '../../../strategies/shared/errors.ts';
import type { SecurityEvent } from '../../../strategies/strategy.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

/** The lines that Nest's logger is given from now on. */
function lines(): string[] {
  const written: string[] = [];
  for (const level of ['log', 'warn', 'error'] as const) {
    const spy = vi
      .spyOn(Logger.prototype, level)
      .mockImplementation((line: unknown) => void written.push(String(line)));
    onTestFinished(() => spy.mockRestore());
  }
  return written;
}

const refusal = (code: string, more: Partial<SecurityEvent> = {}): SecurityEvent =>
  ({ event: 'message', at: 1, code, ...more }) as SecurityEvent;
const from = (index: number) => ({ address: `192.0.2.${index}` });

it('writes the first few of each kind of refusal, and then how many it did not write, in each minute', () => {
  const written = lines();
  const clock = new ManualClock();
  const { report } = securityLog(clock);
  for (let count = 0; count < 1000; count++) report(refusal('too-many-events'));
  report(refusal('forbidden'));
  expect(written).toHaveLength(6);
  clock.advance(60_000);
  expect(written.slice(6).map((line) => JSON.parse(line) as unknown)).toEqual([
    { event: 'message', code: 'too-many-events', at: clock.now(), notWritten: 995 },
  ]);
  report(refusal('too-many-events'));
  expect(written).toHaveLength(8);
});

it('a failure of the provider is told in words, and no message of a foreign error is', () => {
  const written = lines();
  logFailure('Admission', 'It failed', new ProviderError('The provider answered with status 404'));
  logFailure('Admission', 'It failed', Object.assign(new TypeError('token eyJhbGciOi'), { code: 'ERR_X' }));
  expect(written).toEqual([
    'It failed: ProviderError: The provider answered with status 404',
    'It failed: TypeError (ERR_X)',
  ]);
});

it('what goes through is bounded as well', () => {
  const written = lines();
  const { report, flush } = securityLog(new ManualClock());
  for (let count = 0; count < 1000; count++) report({ event: 'connect', at: 1, subject: `user-${count}` });
  expect(written).toHaveLength(10);
  flush();
  expect(JSON.parse(written[10]!)).toMatchObject({ event: 'connect', notWritten: 990 });
});

it('a flood from one network, whatever it is refused for, hides no failure of another, and writes under 100 lines', () => {
  const written = lines();
  const { report, flush } = securityLog(new ManualClock());
  const codes = ['unauthenticated', 'too-many-events', 'bad-message', 'unknown-event', 'forbidden', 'origin-refused'];
  for (let count = 0; count < 1000; count++) {
    for (const code of codes) report(refusal(code, { address: `2001:db8::${count.toString(16)}` }));
  }
  report(refusal('unauthenticated', from(1)));
  expect(written.at(-1)).toContain('192.0.2.1');
  flush();
  expect(written.length).toBeLessThan(100);
  expect(JSON.parse(written.at(-1)!)).toMatchObject({ network: '2001:db8:0:0::/64', notWritten: 995 });
});

it.each<Partial<SecurityEvent>>([
  { event: 'reuse', code: 'token-reused' },
  { event: 'connect', code: 'banned' },
])('no flood hides that of another subject: $event $code', (alarm) => {
  const written = lines();
  const { report } = securityLog(new ManualClock());
  for (let count = 0; count < 10_000; count++) {
    report(refusal('unauthenticated', from(count)));
    report({ at: 1, subject: 'mallory', ...from(1), ...alarm } as SecurityEvent);
  }
  const before = written.length;
  expect(before).toBe(64 * 1 + 5 + 5);
  report({ at: 1, subject: 'ann', ...from(1), ...alarm } as SecurityEvent);
  expect(written).toHaveLength(before + 1);
  expect(written.at(-1)).toContain('"subject":"ann"');
});

it('errors of one class from two places of the application are told apart', () => {
  flushFailures();
  const written = lines();
  const fail = (message: string) => new TypeError(message);
  for (let count = 0; count < 20; count++) logException('Test', fail(`${count}\n    at quoted:${count}`));
  expect(written).toHaveLength(5);
  logException('Test', new TypeError('elsewhere'));
  expect(written).toHaveLength(6);
  flushFailures();
});

it('takes no more memory, and writes no more, however many kinds there are', () => {
  const written = lines();
  const { report, flush } = securityLog(new ManualClock());
  for (let kind = 0; kind < 10_000; kind++) report(refusal(`kind-${kind}`));
  expect(written).toHaveLength(64 + 5);
  flush();
  expect(JSON.parse(written.at(-1)!)).toMatchObject({ event: 'others', notWritten: 10_000 - 64 - 5 });
});

it('tells the total as the application closes, of refusals and of failures', async () => {
  const written = lines();
  const authorize = () => {
    throw new TypeError('a secret');
  };
  const server = await TestServer.start(admitting({ authorize }), { limits: noLimits });
  const client = server.connect('/chat');
  for (let count = 0; count < 50; count++) await client.ask('whoIsHere');
  const before = written.length;
  expect(before).toBeLessThan(25);
  await server.close();
  const after = written.slice(before);
  expect(after.filter((line) => line.includes('"code":"unavailable"') && line.includes('notWritten'))).toHaveLength(1);
  expect(after.filter((line) => line.includes('The authenticator failed to authorize: TypeError'))).toHaveLength(1);
  expect(written.join()).not.toContain('a secret');
});

it('a report of the application gets every event', async () => {
  const events: SecurityEvent[] = [];
  const server = await TestServer.start(admitting(), { limits: noLimits, report: (event) => void events.push(event) });
  const client = server.connect('/chat');
  for (let count = 0; count < 50; count++) await client.ask('noSuchEvent');
  expect(events.filter(({ code }) => code === 'unknown-event')).toHaveLength(50);
});
