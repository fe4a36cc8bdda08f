import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

class AdminGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return verify(context.switchToWs().getClient<Socket>().handshake.auth['token']).sub === 'ada';
  }
}

@WebSocketGateway()
class MetricsGateway {
  @UseGuards(AdminGuard)
  @SubscribeMessage('record')
  record(): void {}
}

export default target({
  title: 'a handler that answers nothing: only its refusals can be seen',
  finds: [],
  untold: [/^(?:expiry|sign-out|ban|roles)\//, /^receive\/forbidden/],
  serve: async () => ({
    url: await nest([MetricsGateway], { middleware: (socket) => void verify(socket.handshake.auth['token']) }),
    description: {
      credential: { valid: { env: 'VALID' }, forbidden: { env: 'GUEST' } },
      event: { event: 'record', answer: 'none' },
      refusal: { event: 'exception' },
    },
    environment: { VALID: issue(), GUEST: issue('guest') },
  }),
});
