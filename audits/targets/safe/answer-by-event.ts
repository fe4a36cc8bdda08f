import { ConnectedSocket, SubscribeMessage, WebSocketGateway, type WsResponse } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { Sessions } from '../shared/sessions.ts';
import { target, unasked } from '../shared/target.ts';

const sessions = new Sessions();

@WebSocketGateway()
class JobsGateway {
  @SubscribeMessage('start')
  start(@ConnectedSocket() client: Socket): WsResponse<{ id: number }> {
    // The token is checked again for each message, and the answer is an event.
    sessions.userOf(client.handshake.headers['x-api-key']);
    return { event: 'started', data: { id: 1 } };
  }
}

export default target({
  title: 'an opaque token in a header, checked again for each message; handlers answer by an event',
  finds: [],
  untold: unasked,
  serve: async () => ({
    url: await nest([JobsGateway], {
      middleware: (socket) => void sessions.userOf(socket.handshake.headers['x-api-key']),
    }),
    description: { credential: { at: 'header.x-api-key', valid: { env: 'VALID' } }, event: { event: 'start' } },
    environment: { VALID: sessions.open() },
  }),
});
