import { expect, expectTypeOf, it, onTestFinished, vi } from 'vitest';
import { startApp } from '../../../harness/app/app.ts';
import { refusalOf, say, Scenario } from '../../../harness/app/scenario.ts';
import { gate } from '../../../test/support/gate.ts';
import { closed, drop, letIn, treating } from '../../../test/support/misbehaving-server.ts';
import handshakeOnly from '../../handshake-only/index.ts';
import longLivedToken from '../../long-lived-token/index.ts';
import { noticeOf, refusals } from '../refusals.ts';
import { AuthError, AuthSocket, ConnectionError, type ConnectionState, failures } from './auth-socket.ts';

type Ack = (answer: unknown) => void;

it('has a code of its own for each failure, and says if a retry helps', () => {
  expect(Object.keys(failures).filter((code) => code in refusals)).toEqual([]);
  const errors = [new ConnectionError('no-answer'), new ConnectionError('disconnected'), new AuthError('expired')];
  expect(errors.map(({ action }) => action)).toEqual(['retry', 'stop', 'renew']);
  expect(new Set(Object.values({ ...failures, ...refusals }).map(({ message }) => message)).size).toBe(
    Object.keys({ ...failures, ...refusals }).length,
  );
});

it('says that no server could be reached', async () => {
  const { connect, server } = await treating([]);
  await server.server.close();
  expect(await refusalOf(connect())).toBe('server-unreachable');
});

it('says that the server refuses an origin', async () => {
  const app = await startApp(handshakeOnly);
  onTestFinished(() => app.close());
  const { createClient } = await handshakeOnly.client();
  const socket = { extraHeaders: { origin: 'https://elsewhere.example' } };
  const connecting = AuthSocket.connect(createClient({ url: app.url }), `${app.url}/chat`, { socket });
  expect(await refusalOf(connecting)).toBe('origin-or-cors-refused');
});

it('says that a message is too large, and comes back', async () => {
  const { connect } = await treating([], (socket) => socket.on('say', (_, ack: Ack) => ack('said')), {
    maxHttpBufferSize: 1000,
  });
  const socket = await connect();
  expect(await refusalOf(socket.request('say', 'x'.repeat(2000)))).toBe('message-too-large');
  expect(await socket.request('say', 'x', { retry: true })).toBe('said');
});

it('says that a message of the kit is too large, too', async () => {
  const app = await startApp(handshakeOnly);
  onTestFinished(() => app.close());
  const { createClient } = await handshakeOnly.client();
  const { username, password } = await app.addUser('ann');
  const client = createClient({ url: app.url });
  await client.signIn(username, password);
  const socket = await AuthSocket.connect(client, `${app.url}/chat`);
  onTestFinished(() => socket.close());
  expect(await refusalOf(socket.request('sendMessage', { text: 'x'.repeat(100_000) }))).toBe('message-too-large');
});

it('sends an event that was not answered once more only if its caller allows it', async () => {
  let handled = 0;
  const { connect, server } = await treating([], (socket) =>
    socket.on('say', (_, ack: Ack) => {
      handled += 1;
      if (handled % 2 === 1) drop(server);
      else ack('said');
    }),
  );
  const socket = await connect();
  expect(await refusalOf(socket.request('say', {}))).toBe('connection-lost');
  expect(handled).toBe(1);
  handled = 0;
  expect(await socket.request('say', {}, { retry: true })).toBe('said');
  expect(handled).toBe(2);
  expect(socket.counters.retries).toBe(1);
});

it('says that no answer came in time', async () => {
  const { connect } = await treating([]);
  const socket = await connect({ ackTimeout: 20 });
  expect(await refusalOf(socket.request('say', {}))).toBe('no-answer');
});

it('says of an event that was never sent that the server could not be reached', async () => {
  const { connect, server } = await treating([letIn, () => {}]);
  const socket = await connect({ ackTimeout: 20 });
  const lost = new Promise((resolve) => socket.socket.once('disconnect', resolve));
  drop(server);
  await lost;
  expect(await refusalOf(socket.request('say', {}))).toBe('server-unreachable');
});

it('stays away after the server disconnected it on purpose', async () => {
  let connects = 0;
  const { connect, server } = await treating([], () => (connects += 1));
  const socket = await connect();
  server.disconnectSockets(true);
  expect(await socket.ended).toBe('disconnected');
  expect(socket.state).toMatchObject({ name: 'ended', reason: { code: 'disconnected', action: 'stop' } });
  expect(await refusalOf(socket.request('say', {}))).toBe('disconnected');
  expect(connects).toBe(1);
});

it('comes back after a cut that asks it to connect again', async () => {
  const { connect, server } = await treating([]);
  const socket = await connect();
  server.emit('auth:cut', noticeOf('reconnect-required'));
  server.disconnectSockets(true);
  await expect.poll(() => socket.counters.reconnects, { timeout: 8000 }).toBe(1);
});

it.each([handshakeOnly, longLivedToken])(
  'renews again before it connects, if its credential has ended and the answer to the renewal was lost ($id)',
  async (strategy) => {
    const scenario = await Scenario.start(strategy, 'hardened', { lifetimes: { wsToken: 3_600_000 } });
    onTestFinished(() => scenario.dispose());
    let renewals = 0;
    const losingTheFirst: typeof fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (!(url as string).endsWith('/refresh')) return response;
      renewals += 1;
      if (renewals === 1) throw new TypeError('fetch failed');
      return response;
    };
    const client = scenario.client({ fetch: losingTheFirst });
    const { username, password } = await scenario.user();
    await client.signIn(username, password);
    const socket = await scenario.connect(client);
    await say(socket);
    const back = new Promise((resolve) => socket.socket.once('connect', () => resolve(renewals)));
    scenario.clock.advance(client.expiresAt! - scenario.clock.now());
    expect(await back).toBe(2);
    // On a busy server, a CONNECT that is refused can take longer than the time in which the refresh token may be repeated.
    expect(scenario.app.counters().refused).toEqual({});
  },
);

it('tells its states, with the delay before it connects again and the reason of its end', async () => {
  const states: ConnectionState[] = [];
  const { connect, server } = await treating([letIn, closed, letIn]);
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  onTestFinished(() => void vi.restoreAllMocks());
  const socket = await connect({ onState: (state) => states.push(state) });
  const heard: string[] = [];
  const stop = socket.on('state', ({ name }) => heard.push(name));
  drop(server);
  await expect.poll(() => socket.counters.reconnects, { timeout: 8000 }).toBe(1);
  await socket.renew();
  stop();
  socket.close();
  expect(states).toEqual([
    { name: 'connecting' },
    { name: 'open' },
    { name: 'waiting', delay: 50 },
    { name: 'connecting' },
    { name: 'waiting', delay: 100 },
    { name: 'connecting' },
    { name: 'open' },
    { name: 'renewing' },
    { name: 'connecting' },
    { name: 'open' },
    { name: 'ended', reason: expect.objectContaining({ code: 'closed' }) as Error },
  ]);
  expect(heard).toEqual(states.slice(2, -1).map(({ name }) => name));
});

it('backs off longer each time while no connection lasts', async () => {
  const delays: number[] = [];
  const lasting = gate();
  let connects = 0;
  const { connect } = await treating([], ({ conn }) => {
    connects += 1;
    if (connects <= 4) conn.close();
    else lasting.open();
  });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  onTestFinished(() => void vi.restoreAllMocks());
  await connect({ onState: (state) => state.name === 'waiting' && delays.push(state.delay) });
  await lasting.passed;
  expect(delays).toEqual([50, 100, 200, 400]);
});

it('has the same object for a state until the state changes', async () => {
  const { connect } = await treating([]);
  const states: ConnectionState[] = [];
  const socket = await connect({ onState: (state) => states.push(state) });
  const { state } = socket;
  expect(socket.state).toBe(state);
  expect(states.at(-1)).toBe(state);
  socket.close();
  expect(socket.state).not.toBe(state);
});

it.each([
  ['before it connects', 0],
  ['while it is being opened', 1],
])('is closed by its signal %s', async (_, connects) => {
  const asked = gate();
  const closing = new AbortController();
  const { connect, server } = await treating([() => asked.open()]);
  const connecting = refusalOf(connect({ signal: closing.signal }));
  if (connects > 0) await asked.passed;
  closing.abort();
  expect(await connecting).toBe('closed');
  await expect.poll(() => server.server.engine.clientsCount).toBe(0);
});

it('is closed by its signal once it is open', async () => {
  const closing = new AbortController();
  const { connect } = await treating([]);
  const socket = await connect({ signal: closing.signal });
  closing.abort();
  expect(await socket.ended).toBe('closed');
});

it('has the types of the events', () => {
  interface ServerToClient {
    message: (message: { id: string }) => void;
  }
  interface ClientToServer {
    say: (message: { text: string }, ack: (answer: { id: string }) => void) => void;
    ping: (ack: (answer: number) => void) => void;
  }
  type Typed = AuthSocket<ServerToClient, ClientToServer>;
  const typed = (socket: Typed) => {
    socket.socket.on('message', ({ id }) => expectTypeOf(id).toBeString());
    expectTypeOf(socket.request('say', { text: 'hello' })).resolves.toEqualTypeOf<{ id: string }>();
    expectTypeOf(socket.request('ping', undefined)).resolves.toBeNumber();
    // @ts-expect-error -- there is no such event
    void socket.request('shout', { text: 'hello' });
    // @ts-expect-error -- the data has another type
    void socket.request('say', { text: 1 });
  };
  const untyped = (socket: AuthSocket) => {
    expectTypeOf(socket.request<{ id: string }>('say', {})).resolves.toEqualTypeOf<{ id: string }>();
    expectTypeOf(socket.request('say', {})).resolves.toBeUnknown();
  };
  expect([typed, untyped]).toHaveLength(2);
});
