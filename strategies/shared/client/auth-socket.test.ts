import type { Socket } from 'socket.io';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startApp } from '../../../harness/app/app.ts';
import { refusalOf, say } from '../../../harness/app/scenario.ts';
import { Balancer } from '../../../test/support/balancer.ts';
import { gate } from '../../../test/support/gate.ts';
import { closed, drop, letIn, treating, type Treatment } from '../../../test/support/misbehaving-server.ts';
import { loadStrategies } from '../../registry.ts';
import { AuthSocket } from './auth-socket.ts';
import { noticeOf } from '../refusals.ts';

const strategies = (await loadStrategies()).filter(({ httpEndpoints }) => httpEndpoints.includes('refresh'));

it.each(strategies)('comes back after a renewal whose new connection could not be opened, $id', async (strategy) => {
  const app = await startApp(strategy);
  const balancer = await Balancer.start([app.url]);
  onTestFinished(async () => {
    await balancer.stop();
    await app.close();
  });
  const { createClient } = await strategy.client();
  const { username, password } = await app.addUser('ann');
  const client = createClient({ url: app.url });
  await client.signIn(username, password);
  // Whatever it can do in band: what is renewed over HTTP takes a new connection.
  const overHttp = { ...client, renewal: () => undefined, expiresAt: undefined };
  const socket = await AuthSocket.connect(overHttp, `${balancer.url}/chat`);
  onTestFinished(() => socket.close());
  balancer.use([]);
  expect(await refusalOf(socket.renew())).toBe('server-unreachable');
  balancer.use([app.url]);
  await expect.poll(() => socket.socket.connected, { timeout: 8000 }).toBe(true);
  expect(await refusalOf(say(socket))).toBeUndefined();
});

describe('over a server that misbehaves', () => {
  it.each([true, false])(
    'is refused where the transport closes before CONNECT is answered, recover: %s',
    async (recover) => {
      const { connect, server } = await treating([closed]);
      expect(await refusalOf(connect({ recover }))).toBe('connection-lost');
      expect((await server.fetchSockets()).length).toBe(0);
    },
  );

  it('comes back though the transport closes before CONNECT is answered, time and again', async () => {
    const { connect, server } = await treating([letIn, closed, closed]);
    const socket = await connect();
    drop(server);
    await expect.poll(() => socket.counters.reconnects, { timeout: 8000 }).toBe(1);
    expect(socket.socket.connected).toBe(true);
  });

  it('comes back after a cut in the moment that it was in', async () => {
    let connections = 0;
    const { connect } = await treating([], (socket) => {
      connections += 1;
      if (connections === 1 || connections > 5) return;
      socket.emit('auth:cut', noticeOf('expired'));
      socket.disconnect(true);
    });
    const socket = await connect();
    expect(await refusalOf(socket.renew())).toBeUndefined();
    const state = () => ({ connections, connected: socket.socket.connected });
    await expect.poll(state, { timeout: 8000 }).toEqual({ connections: 6, connected: true });
  });

  it('comes back after a cut under a code that it does not know, and takes such a refusal for `unavailable`', async () => {
    let connections = 0;
    const { connect } = await treating([], (each) => {
      connections += 1;
      each.on('say', (_, ack: (answer: unknown) => void) => ack({ refused: { code: 'of-a-newer-server' } }));
      if (connections > 1) return;
      each.emit('auth:credential', {});
      each.emit('auth:cut', { code: 'of-a-newer-server' });
      each.disconnect(true);
    });
    const socket = await connect();
    await expect.poll(() => socket.counters.reconnects, { timeout: 8000 }).toBe(1);
    expect(await refusalOf(socket.request('say', {}))).toBe('unavailable');
  });

  it('gives up what waits for a connection once it is closed', async () => {
    const waiting = gate();
    const { connect } = await treating([letIn, () => waiting.open()]);
    const socket = await connect();
    const renewal = refusalOf(socket.renew());
    await waiting.passed;
    socket.close();
    expect(await renewal).toBe('closed');
    expect(await socket.ended).toBe('closed');
  });

  it('asks for its renewal on another connection where this one answers nothing', async () => {
    const asked: number[] = [];
    const sockets: Socket[] = [];
    const { connect } = await treating([], (socket) => {
      const index = sockets.push(socket) - 1;
      socket.on('auth:renew', (_: unknown, ack: (answer: object) => void) => {
        asked.push(index);
        if (index > 0) ack({});
      });
    });
    const socket = await connect({ ackTimeout: 50, client: { renewal: () => ({ refreshToken: 'its own' }) } });
    await vi.waitUntil(() => sockets.length > 0);
    sockets[0]!.emit('auth:renew');
    await expect.poll(() => socket.counters.renewals, { timeout: 8000 }).toBe(1);
    expect(asked).toEqual([0, 0, 1]);
    expect(socket.counters.reconnects).toBe(1);
  });

  it('asks again after a renewal of which it knows only that it was under way', async () => {
    const asked: number[] = [];
    const { connect, server } = await treating([], (socket) => {
      socket.on('auth:renew', (_: unknown, ack: (answer: object) => void) => {
        const asks = asked.push(asked.length);
        if (asks === 2) ack({ refused: noticeOf('too-many-events') });
        if (asks > 2) ack({});
      });
    });
    const socket = await connect({ ackTimeout: 50, client: { renewal: () => ({ refreshToken: 'its own' }) } });
    expect(await refusalOf(socket.renew())).toBe('no-answer');
    expect(await refusalOf(socket.renew())).toBe('too-many-events');
    drop(server);
    await expect.poll(() => socket.counters.renewals, { timeout: 8000 }).toBe(1);
  });

  it('asks to be let in once, where a renewal is about to be as it comes back', async () => {
    let connects = 0;
    const late: Treatment = (_, next) => {
      connects += 1;
      // Longer than it backs off at first.
      if (connects === 2) setTimeout(next, 300);
      else next();
    };
    const { connect, server } = await treating([late, late, late]);
    const socket = await connect();
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    onTestFinished(() => void vi.restoreAllMocks());
    const lost = new Promise((resolve) => socket.socket.once('disconnect', resolve));
    drop(server);
    await lost;
    expect(await refusalOf(socket.renew())).toBeUndefined();
    expect(socket.counters.reconnects).toBe(1);
    expect(connects).toBe(2);
    expect(server.sockets.size).toBe(1);
  });

  it('is not held up by a renewal that was faster than its coming back', async () => {
    const { connect, server } = await treating([]);
    const socket = await connect();
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    onTestFinished(() => void vi.restoreAllMocks());
    const lost = new Promise((resolve) => socket.socket.once('disconnect', resolve));
    drop(server);
    await lost;
    expect(await refusalOf(socket.renew())).toBeUndefined();
    expect(socket.counters.reconnects).toBe(1);
    server.emit('auth:cut', noticeOf('banned'));
    server.disconnectSockets(true);
    expect(await socket.ended).toBe('banned');
  });
});
