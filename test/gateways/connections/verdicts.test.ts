import { describe, expect, it } from 'vitest';
import type { AuthDecision } from '../../../strategies/strategy.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

/** Refusals as a strategy in plain JavaScript may give them: without a code, and with one that there is not. */
const wrong = [{ admitted: false }, { admitted: false, code: 'nonsense' }] as unknown as AuthDecision[];

describe.each(wrong)('a refusal that names no code that there is (%o)', (decision) => {
  it('refuses a CONNECT as unavailable', async () => {
    const server = await TestServer.start(admitting({ authenticate: () => decision }));
    expect(await server.connect('/chat').answered).toBe('unavailable');
    expect(server.counters().open).toBe(0);
  });

  it('refuses a message as unavailable', async () => {
    const server = await TestServer.start(admitting({ authorize: () => decision }));
    expect(await server.connect('/chat').ask('whoIsHere')).toMatchObject({ refused: { code: 'unavailable' } });
  });

  it('refuses a renewal as unavailable', async () => {
    const server = await TestServer.start(admitting({ renew: async () => decision }));
    expect(await server.connect('/chat').ask('auth:renew')).toMatchObject({ refused: { code: 'unavailable' } });
    expect(server.counters().renewals).toBe(0);
  });
});
