import { describe, expect, it } from 'vitest';
import { WsAuthModule } from '../../../gateways/ws-auth.module.ts';
import { MemoryDirectory } from '../../../strategies/shared/accounts/directory.ts';
import { memoryStores } from '../../../strategies/shared/stores/memory/index.ts';
import { systemClock } from '../../../strategies/shared/clock.ts';
import { admitting, testStrategy } from '../../support/test-strategy.ts';

const starting = (given: object) => () =>
  WsAuthModule.forRoot({
    strategy: testStrategy(admitting()),
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

describe('an option that is misspelled, or of another type, stops the start', () => {
  it.each([
    ['There is no option lifetime. The nearest one is lifetimes.', { lifetime: { accessToken: 1 } }],
    ['There is no option origin. The nearest one is origins.', { origin: ['https://app.example'] }],
    ['There is no option origin.', { origin: undefined }],
    ['lifetimes.accesstoken. The nearest one is lifetimes.accessToken.', { lifetimes: { accesstoken: 60_000 } }],
    [
      'limits.failedSigninsPerAccount. The nearest one is limits.failedSignInsPerAccount.',
      { limits: { failedSigninsPerAccount: 3 } },
    ],
    ['attachments must be true or false; got a value of type string', { attachments: 'false' }],
    ['limits must be false or an object; got true', { limits: true }],
    ['limits must be false or an object; got null', { limits: null }],
    ['limits must be', { limits: 0 }],
    ['limits must be an object', { limits: [] }],
    ['lifetimes must be', { lifetimes: null }],
    ['directory must be an object with the methods', { directory: undefined }],
    ['directory must be', { directory: { find: () => undefined } }],
    ['stores must be', { stores: {} }],
    ['clock must be', { clock: { now: Date.now } }],
    ['report must be a function', { report: true }],
    ['addressOf must be a function', { addressOf: 'x-real-ip' }],
    ['adapter must be', { adapter: 'redis' }],
    ['adapter is set, and stores is not', { adapter: () => {} }],
    ['maxSessionsPerUser must be a whole number from 1 to 100; got 0', { maxSessionsPerUser: 0 }],
    ['maxSessionsPerUser must be', { maxSessionsPerUser: 1.5 }],
    ['maxSessionsPerUser must be', { maxSessionsPerUser: '1' }],
    ['maxSessionsPerUser must be', { maxSessionsPerUser: 101 }],
  ])('%s', (message, given) => {
    expect(starting(given)).toThrow(expect.objectContaining({ code: 'ERR_OPTIONS' }));
    expect(starting(given)).toThrow(message);
  });

  it.each([{ stores: 'redis://ann:canary@127.0.0.1' }, { keys: 'canary' }, { directory: 'canary' }])(
    'and its message holds no value that may be a secret',
    (given) => {
      expect(starting(given)).toThrow(expect.not.objectContaining({ message: expect.stringContaining('canary') }));
      expect(starting(given)).toThrow('got a value of type string');
    },
  );
});

it.each([
  { adapter: () => {}, stores: memoryStores(systemClock) },
  { limits: { eventsPerSecond: 0, transports: false as const, unsentBytes: undefined } },
  { lifetimes: { reuseGrace: 0, sessionStaleness: 0, renewalGrace: 0, directoryLag: 0, wsToken: undefined } },
  { drainWindow: 0, decisionTimeout: 1, maxSessionsPerUser: 1 },
])('%j starts', (given: object) => {
  expect(starting(given)).not.toThrow();
});
