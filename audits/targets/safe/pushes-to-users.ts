import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { Server } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway()
class AlertsGateway implements OnGatewayInit {
  afterInit(server: Server): void {
    setInterval(() => server.emit('alert', { level: 'high' }), 300);
  }
}

export default target({
  title: 'a server that only pushes, to clients that a middleware has let in',
  finds: [],
  untold: unasked,
  serve: async () => ({
    url: await nest([AlertsGateway], { middleware: (socket) => void verify(socket.handshake.auth['token']) }),
    description: { credential: { valid: { env: 'VALID' } }, receives: ['alert'] },
    environment: { VALID: issue() },
  }),
});
