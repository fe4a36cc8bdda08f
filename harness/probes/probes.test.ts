import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { expect, it, onTestFinished } from 'vitest';
import { refusalOf } from '../app/scenario.ts';
import type { StrategyClient } from '../../strategies/strategy.ts';
import { ContinuityProbe } from './continuity.ts';
import { StalenessProbe } from './staleness.ts';

const client: StrategyClient = {
  signIn: async () => {},
  connectOptions: () => ({}),
  renew: async () => true,
  signOut: async () => {},
  expiresAt: undefined,
};

it.each([
  ['StalenessProbe', (url: string) => StalenessProbe.open(client, { url, every: 20 })],
  ['ContinuityProbe', (url: string) => ContinuityProbe.open([client, client], url, 20)],
] as const)('a %s that cannot listen leaves no connection open', async (_, open) => {
  const http = createServer();
  const io = new Server(http);
  onTestFinished(() => io.close());
  // There is no namespace for notifications.
  const chat = io.of('/chat');
  let connections = 0;
  chat.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  expect(await refusalOf(open(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))).toBe('unavailable');
  await expect.poll(() => chat.sockets.size).toBe(0);
  expect(connections).toBe(1);
});
