import { describe, expect, it } from 'vitest';
import { WsAuthModule } from '../../gateways/ws-auth.module.ts';
import { MemoryDirectory } from '../../strategies/shared/directory.ts';
import { admitting, testStrategy } from '../support/test-strategy.ts';

const starting = (given: object) => () =>
  WsAuthModule.with(testStrategy(admitting()), {
    secret: 'the secret of a test, long enough',
    directory: new MemoryDirectory(),
    ...given,
  });

describe('a value that could not be meant stops the start, by a message that names the option and the value', () => {
  it.each([
    ['limits.eventsPerSecond', { limits: { eventsPerSecond: Number.NaN } }, 'NaN', 'environment variable'],
    ['limits.transports', { limits: { transports: -1 } }, '-1', 'set it to false'],
    ['limits.failedSignInsPerAccount', { limits: { failedSignInsPerAccount: '10' } }, '"10"', 'Number()'],
    ['limits.unsentBytes', { limits: { unsentBytes: Infinity } }, 'Infinity', 'set it to false'],
    ['limits.packetsPerSecond', { limits: { packetsPerSecond: true } }, 'true', 'set it to false'],
  ])('%s', (name, given, value, fix) => {
    expect(starting(given)).toThrow(expect.objectContaining({ code: 'ERR_LIMITS' }));
    for (const part of [`${name} must`, `got ${value}.`, fix]) expect(starting(given)).toThrow(part);
  });

  it.each([
    ['lifetimes.accessToken', { lifetimes: { accessToken: 0 } }, '0', 'default'],
    ['lifetimes.refreshToken', { lifetimes: { refreshToken: Number.NaN } }, 'NaN', 'environment variable'],
    ['lifetimes.reuseGrace', { lifetimes: { reuseGrace: -1 } }, '-1', 'default'],
    ['lifetimes.wsToken', { lifetimes: { wsToken: Infinity } }, 'Infinity', 'default'],
    ['decisionTimeout', { decisionTimeout: 0 }, '0', 'default'],
    ['drainWindow', { drainWindow: '5000' }, '"5000"', 'Number()'],
  ])('%s', (name, given, value, fix) => {
    expect(starting(given)).toThrow(expect.objectContaining({ code: 'ERR_LIFETIMES' }));
    for (const part of [`${name} must`, `got ${value}.`, fix]) expect(starting(given)).toThrow(part);
  });
});

it.each([
  { limits: { eventsPerSecond: 0, transports: false as const, unsentBytes: undefined } },
  { lifetimes: { reuseGrace: 0, sessionStaleness: 0, renewalGrace: 0, directoryLag: 0, wsToken: undefined } },
  { drainWindow: 0, decisionTimeout: 1 },
])('%j starts', (given) => {
  expect(starting(given)).not.toThrow();
});
