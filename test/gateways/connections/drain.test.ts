import { expect, it } from 'vitest';
import { Connections } from '../../../gateways/connections/connections.ts';
import type { AuthDecision } from '../../../strategies/strategy.ts';
import { gate, until } from '../../support/gate.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

const WINDOW = 1000;

it('a CONNECT that is being decided when the application begins to close is told to go elsewhere', async () => {
  const decision = gate<AuthDecision>();
  const server = await TestServer.start(admitting({ authenticate: () => decision.passed }), { drainWindow: WINDOW });
  const client = server.connect('/chat');
  await until(() => server.counters().pending === 1);
  const closing = server.close();
  await until(() => server.app.get(Connections, { strict: false }).draining);
  decision.open({ admitted: true, principal: { subject: 'ann', roles: [] } });
  expect(await client.answered).toBe('reconnect-required');
  expect(server.counters()).toMatchObject({ open: 0, accepted: 0, refused: { 'reconnect-required': 1 } });
  server.clock.advance(WINDOW);
  await closing;
});
