import { get } from 'node:http';
import { WsException } from '@nestjs/websockets';
import { expect, onTestFinished, vi } from 'vitest';
import { NotificationsGateway } from '../../gateways/example/notifications.gateway.ts';
import { ChatService } from '../../gateways/example/chat.service.ts';
import { loadStrategy } from '../../strategies/registry.ts';
import {
  noticeOf,
  type RefusalCode,
  type RefusalNotice,
  type SecurityEvent,
  type AuthDecision,
} from '../../strategies/strategy.ts';
import { gate } from './gate.ts';
import { signInWithCookie } from './guests-app.ts';
import { connectFrame, eventFrame } from '../../harness/app/raw-transport.ts';
import { Scenario } from '../../harness/app/scenario.ts';
import { signedIn } from './signed-in.ts';
import { TestClient } from './test-client.ts';
import { TestServer, type TestServerOptions } from './test-server.ts';
import { admitting } from './test-strategy.ts';

/** What a client is told that the application's gateways refuse. */
async function significantBy(options: TestServerOptions, auth: object, decide = admitting()): Promise<RefusalNotice[]> {
  const server = await TestServer.start(decide, options);
  const client = server.connect('/chat', auth);
  if ((await client.answered) === 'connected') await client.cut;
  return client.notices;
}

/** How each code comes about; each answers every notice that its client was told over the wire. */
export const scenarios: Record<RefusalCode, () => Promise<RefusalNotice[]>> = {
  async unauthenticated() {
    const { connected } = await signedIn();
    return (await connected('forged')).notices;
  },
  async expired() {
    const { scenario, connected, pair } = await signedIn();
    scenario.clock.advance(pair.expiresAt - scenario.clock.now());
    const client = await connected();
    return client.notices;
  },
  async 'roles-changed'() {
    const { scenario, connected, user } = await signedIn(['moderator']);
    const client = await connected();
    scenario.app.directory.setRoles(user.subject, []);
    await client.cut;
    return client.notices;
  },
  async 'reconnect-required'() {
    const scenario = await Scenario.start(await loadStrategy('session'), 'hardened');
    onTestFinished(() => scenario.dispose());
    const user = await scenario.user(['moderator']);
    const { extraHeaders } = (await scenario.signedIn(user)).connectOptions();
    const client = new TestClient(`${scenario.app.url}/chat`, {}, extraHeaders);
    await client.answered;
    scenario.app.directory.setRoles(user.subject, []);
    await client.cut;
    return client.notices;
  },
  async revoked() {
    const { connected, endpoint, pair } = await signedIn();
    const client = await connected();
    await endpoint('logout', pair).catch(() => undefined);
    await client.cut;
    return client.notices;
  },
  async banned() {
    const { scenario, connected, user } = await signedIn();
    const client = await connected();
    scenario.app.directory.setBanned(user.subject, true);
    await client.cut;
    return client.notices;
  },
  async 'token-reused'() {
    const { scenario, connected, endpoint, pair } = await signedIn();
    const client = await connected();
    await endpoint('refresh', pair);
    scenario.clock.advance(60_000);
    client.socket.emit('auth:renew', { refreshToken: pair.refreshToken });
    await client.cut;
    return client.notices;
  },
  async 'signed-in-elsewhere'() {
    const { user, endpoint, connected } = await signedIn([], { maxSessionsPerUser: 1 });
    const client = await connected();
    await endpoint('login', { username: user.username, password: user.password });
    await client.cut;
    return client.notices;
  },
  async 'subject-mismatch'() {
    const { scenario, connected, endpoint } = await signedIn();
    const client = await connected();
    const { username, password } = await scenario.user();
    const { refreshToken } = await endpoint('login', { username, password });
    await client.ask('auth:renew', { refreshToken });
    await client.cut;
    return client.notices;
  },
  async 'renewal-unsupported'() {
    const server = await TestServer.start(admitting());
    const client = server.connect('/chat');
    await client.ask('auth:renew', {});
    return client.notices;
  },
  'sign-in-unsupported': signInWithCookie,
  async 'credential-unacknowledged'() {
    const issuing: AuthDecision = { admitted: true, principal: { subject: 'ann', roles: [] }, issued: {} };
    const server = await TestServer.start(admitting({ authenticate: () => issuing }));
    const client = server.connect('/chat');
    await client.next('auth:credential');
    server.clock.advance(10_000);
    await client.cut;
    return client.notices;
  },
  forbidden: () => significantBy({}, { room: 'of someone else' }),
  async 'namespace-closed'() {
    const { connected, pair } = await signedIn();
    return (await connected(pair.accessToken, '/')).notices;
  },
  async 'already-connected'() {
    const decision = gate<AuthDecision>();
    const server = await TestServer.start(admitting({ authenticate: () => decision.passed }));
    const client = await server.raw();
    client.send(connectFrame('/chat'), connectFrame('/chat'));
    return [dataOf(await client.frame(/^44/))];
  },
  async 'origin-refused'() {
    const server = await TestServer.start(admitting());
    const headers = { origin: 'https://evil.example', connection: 'upgrade', upgrade: 'websocket' };
    return new Promise((resolve) => {
      get(`${server.url}/socket.io/?EIO=4&transport=websocket`, { headers }, (response) => {
        expect(response.statusCode).toBe(403);
        response.setEncoding('utf8').once('data', (code: RefusalCode) => resolve([noticeOf(code)]));
      });
    });
  },
  async 'transport-unsupported'() {
    const { url } = await TestServer.start(admitting());
    return [(await (await fetch(`${url}/socket.io/?EIO=4&transport=polling`)).json()) as RefusalNotice];
  },
  async 'too-many-connects'() {
    const server = await TestServer.start(admitting(), { limits: { connectsPerTransport: 1 } });
    const client = await server.raw();
    client.send(connectFrame('/notifications'), connectFrame('/chat'));
    return [dataOf(await client.frame(/^44/))];
  },
  'too-many-connections': () => significantBy({ limits: { connectionsPerUser: 0 } }, {}),
  async 'too-many-attempts'() {
    const scenario = await Scenario.start(await loadStrategy('access-refresh'), 'hardened', {
      limits: { failedSignInsPerAccount: 0 },
    });
    onTestFinished(() => scenario.dispose());
    return [await noticeFrom(scenario, 'login', await scenario.user(), 429)];
  },
  async 'too-many-events'() {
    const server = await TestServer.start(admitting(), { limits: { eventsPerSecond: 0 } });
    const client = server.connect('/chat');
    await client.answered;
    client.socket.emit('whoIsHere', {});
    await client.cut;
    return client.notices;
  },
  async 'account-unsupported'() {
    const { scenario } = await signedIn();
    const user = await scenario.user(Array.from({ length: 33 }, (_, index) => `role-${index}`));
    return [await noticeFrom(scenario, 'login', user, 403)];
  },
  async 'too-many-packets'() {
    const server = await TestServer.start(admitting(), { limits: { packetsPerSecond: 1 } });
    const client = server.connect('/chat');
    await client.answered;
    for (let packet = 0; packet < 10; packet++) client.socket.emit('whoIsHere', {});
    await client.cut;
    return client.notices;
  },
  async 'too-slow'() {
    // A client that does not read is told nothing: the report is all there is.
    const codes: RefusalCode[] = [];
    const report = ({ code }: SecurityEvent) => void (code && codes.push(code));
    const server = await TestServer.start(admitting(), { limits: { unsentBytes: 1 }, report });
    const client = await server.raw();
    client.send(connectFrame('/notifications', { subject: 'ann' }));
    await client.frame(/^40/);
    client.send(eventFrame('/notifications', 'subscribe-to-notifications', {}, '1'));
    await client.frame(/^43/);
    client.pause();
    while (server.counters().open > 0) {
      server.app.get(NotificationsGateway).push('ann', 'x'.repeat(100_000));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return codes.map(noticeOf);
  },
  async 'unknown-event'() {
    const server = await TestServer.start(admitting());
    const client = server.connect('/chat');
    await client.ask('noSuchEvent');
    return client.notices;
  },
  async 'bad-message'() {
    const { connected } = await signedIn();
    const client = await connected();
    await client.ask('sendMessage', { text: 7 });
    return client.notices;
  },
  async rejected() {
    const notices = await throwing(new WsException('the room is closed'));
    return notices.map(({ details: _, ...notice }) => notice);
  },
  unavailable: () => significantBy({}, {}, admitting({ authenticate: () => Promise.reject(new Error('store down')) })),
  failed: () => throwing(new Error('broken')),
};

async function throwing(error: Error): Promise<RefusalNotice[]> {
  const server = await TestServer.start(admitting());
  const client = server.connect('/chat', { room: 'ann' });
  vi.spyOn(server.app.get(ChatService), 'post').mockImplementation(() => {
    throw error;
  });
  await client.ask('sendMessage', { text: 'hello' });
  return client.notices;
}

/** The notice in the answer of an HTTP endpoint, which has this status. */
async function noticeFrom(scenario: Scenario, endpoint: string, body: object, status: number): Promise<RefusalNotice> {
  const given = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(`${scenario.app.url}/auth/${endpoint}`, { method: 'POST', ...given });
  expect(answer.status).toBe(status);
  return (await answer.json()) as RefusalNotice;
}

/** The notice in a CONNECT_ERROR frame. */
const dataOf = (frame: string | undefined): RefusalNotice =>
  (JSON.parse(frame?.replace(/^44[^,]*,/, '') ?? '{}') as { data: RefusalNotice }).data;
