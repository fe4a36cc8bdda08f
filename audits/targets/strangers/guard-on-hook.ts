import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return verify(context.switchToWs().getClient<Socket>().handshake.auth['token']).sub !== '';
  }
}

@WebSocketGateway()
class StatusGateway implements OnGatewayConnection {
  @UseGuards(TokenGuard)
  handleConnection(client: Socket): void {
    client.data['joined'] = true;
  }

  @SubscribeMessage('status')
  status(): string {
    return 'all systems work';
  }
}

export default target({
  title: '@UseGuards on handleConnection, which Nest ignores',
  finds: ['stranger-acts'],
  shown: ['guard-on-hook'],
  untold: [...unasked, /^receive\//],
  serve: async () => ({
    url: await nest([StatusGateway]),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'status' } },
    environment: { VALID: issue() },
  }),
});
