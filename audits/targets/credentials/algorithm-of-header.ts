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
  title: 'the token says by which algorithm it is verified, and none is one of them',
  finds: ['signature-not-verified'],
  untold: [...unasked, /^receive\//],
  serve: async () => ({
    url: await nest([ProfileGateway], {
      middleware(socket) {
        const { isSigned, algorithm } = opened(socket.handshake.auth['token']);
        if (!isSigned && algorithm !== 'none') throw new Error('invalid token');
      },
    }),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'profile' } },
    environment: { VALID: issue() },
  }),
});
