import { setTimeout as delay } from 'node:timers/promises';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { ENDS, target } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway()
class PaymentsGateway implements OnGatewayConnection {
  async handleConnection(client: Socket): Promise<void> {
    // The look-up of the user takes its time.
    await delay(60);
    if (client.data['user'] === 'revoked') client.disconnect(true);
  }

  @SubscribeMessage('pay')
  pay(): { paid: boolean } {
    return { paid: true };
  }
}

export default target({
  title: 'the signature is verified before CONNECT, and a revoked user is looked up after it',
  finds: ['acts-before-verdict'],
  shown: ['verdict-after-connect'],
  untold: [ENDS, /^receive\/forbidden/],
  serve: async () => ({
    url: await nest([PaymentsGateway], {
      middleware: (socket) => void (socket.data['user'] = verify(socket.handshake.auth['token']).sub),
    }),
    description: {
      credential: { valid: { env: 'VALID' }, forbidden: { env: 'REVOKED' } },
      event: { event: 'pay' },
    },
    environment: { VALID: issue(), REVOKED: issue('revoked') },
  }),
});
