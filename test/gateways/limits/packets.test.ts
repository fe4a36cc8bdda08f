import type { EventEmitter } from 'node:events';
import type { Namespace } from 'socket.io';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { PresenceGateway } from '../../../gateways/example/presence.gateway.ts';
import { noLimits } from '../../../gateways/options/limits.ts';
import { connectFrame } from '../../../harness/app/raw-transport.ts';
import { until } from '../../support/gate.ts';
import { TestServer } from '../../support/test-server.ts';
import { openWebSocket } from '../../support/web-socket.ts';
import { admitting } from '../../support/test-strategy.ts';

const PER_SECOND = 5;
const BURST = 10 * PER_SECOND;

async function start() {
  const server = await TestServer.start(admitting(), { limits: { ...noLimits, packetsPerSecond: PER_SECOND } });
  return { server, ...(await openWebSocket(server.url)) };
}

/** The transports that Engine.IO has open. */
function clientsOf(server: TestServer): Record<string, EventEmitter> {
  const { namespace } = server.app.get<{ namespace: Namespace }>(PresenceGateway);
  return (namespace.server.engine as unknown as { clients: Record<string, EventEmitter> }).clients;
}

/** Each sends one packet that no event limit counts. */
const packets: Record<string, (socket: WebSocket) => void> = {
  acks: (socket) => socket.send('43/chat,7[]'),
  'pongs of Engine.IO': (socket) => socket.send('3'),
  'noops of Engine.IO': (socket) => socket.send('6'),
  'pings of WebSocket': (socket) => socket.ping(),
  'pongs of WebSocket': (socket) => socket.pong(),
};

it.each(Object.entries(packets))('too many %s end the transport', async (_, send) => {
  const { server, socket, frames, closed } = await start();
  socket.send(connectFrame('/chat'));
  await until(() => frames.some((frame) => frame.startsWith('40/chat')));
  for (let packet = 0; packet < BURST; packet++) send(socket);
  await closed;
  expect(server.counters()).toMatchObject({ open: 0, cut: { 'too-many-packets': 1 }, refused: {} });
});

it('as many as the limit leave it open, and more pass again later', async () => {
  const { server, socket, frames } = await start();
  socket.send(connectFrame('/chat'));
  await until(() => frames.some((frame) => frame.startsWith('40/chat')));
  for (const round of [1, 2]) {
    for (let packet = 0; packet < BURST - 2; packet++) socket.send('3');
    socket.send(`42/chat,${round}["whoIsHere",{}]`);
    await until(() => frames.some((frame) => frame.startsWith(`43/chat,${round}[{"you"`)));
    server.clock.advance(10_000);
  }
  expect(server.counters()).toMatchObject({ open: 1, cut: {} });
});

it('before a namespace is joined, one second of packets is all; the refusal is counted once', async () => {
  const { server, socket, closed } = await start();
  for (let packet = 0; packet < BURST; packet++) socket.send('3');
  await closed;
  expect(server.counters()).toMatchObject({ open: 0, cut: {}, refused: { 'too-many-packets': 1 } });
});

it('a packet counts once for each 4 KiB of it', async () => {
  const { server, socket, frames, closed } = await start();
  socket.send(connectFrame('/chat'));
  await until(() => frames.some((frame) => frame.startsWith('40/chat')));
  for (let packet = 0; packet < 5; packet++) socket.send(`3${'x'.repeat(60_000)}`);
  await closed;
  expect(server.counters()).toMatchObject({ open: 0, cut: { 'too-many-packets': 1 } });
});

it('a flood that comes in one read leaves the others their turns', async () => {
  const server = await TestServer.start(admitting(), { limits: { ...noLimits, packetsPerSecond: 1000 } });
  const client = await server.raw();
  client.send(connectFrame('/chat'));
  await client.frame(/^40\/chat/);
  const [conn] = Object.values(clientsOf(server));
  const perTurn: number[] = [];
  let turn = false;
  conn!.on('packet', () => {
    if (!turn) {
      turn = perTurn.push(0) > 0;
      setImmediate(() => (turn = false));
    }
    perTurn[perTurn.length - 1]! += 1;
  });
  client.send(...Array.from({ length: 5000 }, () => '3'), '42/chat,1["whoIsHere",{}]');
  await client.frame(/^43\/chat,1/);
  expect(perTurn.reduce((sum, count) => sum + count)).toBe(5001);
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(64);
});

it('a clock that is set back cuts nobody', async () => {
  const { server, socket, frames } = await start();
  socket.send(connectFrame('/chat'));
  await until(() => frames.some((frame) => frame.startsWith('40/chat')));
  server.clock.advance(-3_600_000);
  socket.send('42/chat,1["whoIsHere",{}]');
  await until(() => frames.some((frame) => frame.startsWith('43/chat,1')) || socket.readyState !== socket.OPEN);
  expect(server.counters()).toMatchObject({ open: 1, cut: {} });
});
