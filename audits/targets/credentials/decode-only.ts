import jwt from 'jsonwebtoken';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { type Claims, issue } from '../shared/tokens.ts';

@WebSocketGateway()
class ProfileGateway {
  @SubscribeMessage('profile')
  profile(@MessageBody() _: unknown): { name: string } {
    return { name: 'Ada' };
  }
}

export default target({
  title: 'the token is decoded, and its signature is never verified',
  finds: ['signature-not-verified'],
  shown: ['decode-without-verify'],
  untold: [...unasked, /^receive\//],
  serve: async () => ({
    url: await nest([ProfileGateway], {
      middleware(socket) {
        const claims = jwt.decode(String(socket.handshake.auth['token'])) as Claims | null;
        if (claims === null) throw new Error('invalid token');
        if (claims.exp * 1000 <= Date.now()) throw new Error('token expired');
      },
    }),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'profile' } },
    environment: { VALID: issue() },
  }),
});
