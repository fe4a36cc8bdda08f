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
  title: 'a safe server, and a credential that has expired in the description',
  finds: [],
  fails: /^The valid credential was not admitted to .*CONNECT was refused: unauthorized.*it is sent at auth\.token/,
  serve: async () => ({
    url: await nest([ChatGateway], { middleware: (socket) => void verify(socket.handshake.auth['token']) }),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'say' } },
    environment: { VALID: issue('ada', -60_000) },
  }),
});
