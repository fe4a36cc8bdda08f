import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, opened } from '../shared/tokens.ts';

@WebSocketGateway()
class ProfileGateway {
  @SubscribeMessage('profile')
  profile(): { name: string } {
    return { name: 'Ada' };
  }
}

export default target({
  title: 'the signature is verified, and the expiry is ignored',
  finds: ['expired-accepted'],
  untold: [...unasked, /^receive\//],
  serve: async () => ({
    url: await nest([ProfileGateway], {
      middleware(socket) {
        if (!opened(socket.handshake.auth['token']).isSigned) throw new Error('invalid token');
      },
    }),
    description: {
      credential: { valid: { env: 'VALID' }, expired: { env: 'EXPIRED' } },
      event: { event: 'profile' },
    },
    environment: { VALID: issue(), EXPIRED: issue('ada', -60_000) },
  }),
});
