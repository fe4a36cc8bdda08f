import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { Server } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue } from '../shared/tokens.ts';

@WebSocketGateway({ namespace: '/feed' })
class FeedGateway implements OnGatewayInit {
  afterInit(server: Server): void {
    setInterval(() => server.emit('alert', { level: 'high' }), 300);
  }
}

export default target({
  title: 'a server that only pushes, to everybody',
  finds: ['stranger-receives', 'root-open'],
  untold: [...unasked, /^handle\//],
  serve: async () => ({
    url: await nest([FeedGateway]),
    description: { namespace: '/feed', credential: { valid: { env: 'VALID' } } },
    environment: { VALID: issue() },
  }),
});
