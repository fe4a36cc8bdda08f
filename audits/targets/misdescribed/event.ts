import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { nest } from '../shared/nest.ts';
import { target } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway()
class ChatGateway {
  @SubscribeMessage('say')
  say(): string {
    return 'said';
  }
}

export default target({
  title: 'a safe server, and an event in the description that no handler has',
  finds: [],
  fails: /The event sendMessage of the valid client was not answered within 3 s \(nothing was heard\)/,
  serve: async () => ({
    url: await nest([ChatGateway], { middleware: (socket) => void verify(socket.handshake.auth['token']) }),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'sendMessage' } },
    environment: { VALID: issue() },
  }),
});
