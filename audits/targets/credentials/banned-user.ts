import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { nest } from '../shared/nest.ts';
import { ENDS, target } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway()
class ProfileGateway {
  @SubscribeMessage('profile')
  profile(): { name: string } {
    return { name: 'Ada' };
  }
}

export default target({
  title: 'the token is verified, and nobody asks whether its user is banned',
  finds: ['forbidden-user'],
  untold: [ENDS, /^receive\//],
  serve: async () => ({
    url: await nest([ProfileGateway], { middleware: (socket) => void verify(socket.handshake.auth['token']) }),
    description: { credential: { valid: { env: 'VALID' }, forbidden: { env: 'BANNED' } }, event: { event: 'profile' } },
    environment: { VALID: issue(), BANNED: issue('banned') },
  }),
});
