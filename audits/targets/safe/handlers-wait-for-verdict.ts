import { setTimeout as delay } from 'node:timers/promises';
import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

const verdicts = new WeakMap<Socket, Promise<boolean>>();

/** Waits until the connection has been decided on. */
class VerdictGuard implements CanActivate {
  canActivate(context: ExecutionContext): Promise<boolean> {
    return verdicts.get(context.switchToWs().getClient<Socket>()) ?? Promise.resolve(false);
  }
}

@UseGuards(VerdictGuard)
@WebSocketGateway()
class ChatGateway implements OnGatewayConnection {
  @WebSocketServer() readonly server!: Server;

  async handleConnection(client: Socket): Promise<void> {
    const verdict = decide(client);
    verdicts.set(client, verdict);
    if (await verdict) await client.join('users');
    else client.disconnect(true);
  }

  @SubscribeMessage('say')
  say(): { ok: boolean } {
    this.server.to('users').emit('said', 'hello');
    return { ok: true };
  }
}

async function decide(client: Socket): Promise<boolean> {
  await delay(40);
  try {
    return verify(client.handshake.auth['token']).sub !== '';
  } catch {
    return false;
  }
}

export default target({
  title: 'an asynchronous handleConnection, a guard that waits for it, and broadcasts to a room of users',
  finds: ['accepted-then-cut'],
  untold: unasked,
  serve: async () => ({
    url: await nest([ChatGateway]),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'say' } },
    environment: { VALID: issue() },
  }),
});
