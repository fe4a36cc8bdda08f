import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway({ path: '/realtime', transports: ['polling'] })
class StatusGateway {
  @SubscribeMessage('status')
  status(): { status: string } {
    return { status: 'open' };
  }
}

export default target({
  title: 'long polling alone, on another path',
  finds: [],
  untold: unasked,
  serve: async () => ({
    url: await nest([StatusGateway], { middleware: (socket) => void verify(socket.handshake.auth['token']) }),
    description: { path: '/realtime', credential: { valid: { env: 'VALID' } }, event: { event: 'status' } },
    environment: { VALID: issue() },
  }),
});
