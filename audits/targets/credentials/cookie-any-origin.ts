import { MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { Sessions } from '../shared/sessions.ts';
import { target, unasked } from '../shared/target.ts';
import { cookieIn } from '../shared/tokens.ts';

@WebSocketGateway({ cors: { origin: 'https://app.example', credentials: true } })
class ChatGateway {
  @WebSocketServer() readonly server!: Server;

  @SubscribeMessage('say')
  say(@MessageBody() text: string): { said: string } {
    this.server.emit('said', text);
    return { said: text };
  }
}

const sessions = new Sessions();

export default target({
  title: 'a session cookie and cors.origin, which does not stop WebSockets',
  finds: ['foreign-origin'],
  shown: ['any-origin-with-cookie'],
  untold: unasked,
  serve: async () => ({
    url: await nest([ChatGateway], {
      middleware: (socket) => void sessions.userOf(cookieIn(socket.handshake.headers.cookie, 'sid')),
    }),
    description: {
      origin: 'https://app.example',
      credential: { at: 'cookie.sid', valid: { env: 'VALID' } },
      event: { event: 'say', arguments: ['hello'] },
    },
    environment: { VALID: sessions.open() },
  }),
});
