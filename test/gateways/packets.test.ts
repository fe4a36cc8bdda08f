import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { noLimits } from '../../gateways/options.ts';
import { connectFrame } from '../../harness/raw-transport.ts';
import { until } from '../support/gate.ts';
import { TestServer } from '../support/test-server.ts';
import { admitting } from '../support/test-strategy.ts';

const PER_SECOND = 5;
const BURST = 10 * PER_SECOND;

async function start() {
  const server = await TestServer.start(admitting(), { limits: { ...noLimits, packetsPerSecond: PER_SECOND } });
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  onTestFinished(() => socket.terminate());
  const frames: string[] = [];
  socket.on('message', (data: Buffer) => frames.push(data.toString()));
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await once(socket, 'open');
  return { server, socket, frames, closed };
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
