import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { WsManager } from '../../../gateways/ws-manager.ts';
import { refused } from '../../../strategies/strategy.ts';
import { connectFrame, eventFrame } from '../../../harness/app/raw-transport.ts';
import { TestServer } from '../../support/test-server.ts';
import { admitting } from '../../support/test-strategy.ts';

@WebSocketGateway({ namespace: '/forgotten' })
class ForgottenGateway {
  readonly reached: string[] = [];

  handleConnection(client: Socket): void {
    this.reached.push(client.id);
  }

  @SubscribeMessage('ping')
  ping(): void {
    this.reached.push('ping');
  }
}

@WebSocketGateway()
class RootGateway extends WsManager {
  @SubscribeMessage('ping')
  ping(): string {
    return 'pong';
  }
}

describe('a namespace that no gateway opened', () => {
  it.each(['/forgotten', '/'])('is closed to the authenticated too: %s', async (namespace) => {
    const server = await TestServer.start(admitting(), { gateways: [ForgottenGateway] });
    expect(await server.connect(namespace).answered).toBe('namespace-closed');
    expect(server.app.get(ForgottenGateway).reached).toEqual([]);
    expect(server.counters()).toMatchObject({ open: 0, accepted: 0, refused: { 'namespace-closed': 1 } });
  });

  it('hears nothing of events sent behind the refused CONNECT', async () => {
    const server = await TestServer.start(admitting(), { gateways: [ForgottenGateway] });
    const client = await server.raw();
    client.send(connectFrame('/forgotten'), eventFrame('/forgotten', 'ping', {}));
    await client.closed;
    expect(server.app.get(ForgottenGateway).reached).toEqual([]);
  });
});

describe("'/' with a gateway that extends the base", () => {
  it('is open to the authenticated', async () => {
    const server = await TestServer.start(admitting(), { gateways: [RootGateway, ForgottenGateway] });
    expect(await server.connect('/').ask('ping')).toBe('pong');
    expect(await server.connect('/forgotten').answered).toBe('namespace-closed');
  });

  it('is closed to everyone else', async () => {
    const nobody = admitting({ authenticate: () => refused('unauthenticated') });
    const server = await TestServer.start(nobody, { gateways: [RootGateway] });
    expect(await server.connect('/').answered).toBe('unauthenticated');
  });
});

describe('/chat', () => {
  it('sends a muted user away as forbidden, who is welcome on /notifications', async () => {
    const server = await TestServer.start(admitting());
    const muted = { subject: 'ann', roles: ['muted'] };
    expect(await server.connect('/chat', muted).cut).toBe('forbidden');
    const elsewhere = server.connect('/notifications', muted);
    expect(await elsewhere.ask('subscribe-to-notifications')).toEqual({ subscribed: 'ann' });
    expect(server.counters()).toMatchObject({ open: 1, cut: { forbidden: 1 } });
  });

  it.each(['bob', 'subject:bob', '', 'a room', '../lobby', 'x'.repeat(65), null, 7, ['lobby'], { room: 'lobby' }])(
    'sends away as forbidden who asks for the room %j',
    async (room) => {
      const server = await TestServer.start(admitting());
      expect(await server.connect('/chat', { subject: 'ann', room }).cut).toBe('forbidden');
    },
  );

  it.each([undefined, 'lobby', 'ann'])('lets ann into the room %s', async (room) => {
    const server = await TestServer.start(admitting());
    const ann = server.connect('/chat', { subject: 'ann', room });
    expect(await ann.ask('sendMessage', { text: 'hello' })).toMatchObject({ from: 'ann', text: 'hello' });
  });

  it('takes a message to the others in its room and to no other room', async () => {
    const server = await TestServer.start(admitting());
    const [ann, bob, apart] = [
      server.connect('/chat', { subject: 'ann' }),
      server.connect('/chat', { subject: 'bob' }),
      server.connect('/chat', { subject: 'bob', room: 'bob' }),
    ];
    await Promise.all([ann.answered, bob.answered, apart.answered]);
    const heard: unknown[] = [];
    apart.socket.on('message', (message) => heard.push(message));
    const message = bob.next('message');
    await ann.ask('sendMessage', { text: 'hello' });
    expect(await message).toMatchObject({ from: 'ann', text: 'hello' });
    await apart.ask('whoIsHere');
    expect(heard).toEqual([]);
  });
});

it('a second gateway on a namespace, which inherits nothing, is behind the same guard', async () => {
  let open = true;
  const server = await TestServer.start(
    admitting({ authorize: ({ admitted }) => (open ? admitted : refused('roles-changed')) }),
  );
  const client = server.connect('/chat', { subject: 'ann' });
  expect(await client.ask('whoIsHere')).toEqual({ you: 'ann', connections: 1 });
  open = false;
  expect(await client.ask('whoIsHere')).toMatchObject({ refused: { code: 'roles-changed', action: 'renew' } });
});
