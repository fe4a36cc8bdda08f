import { ConnectedSocket, SubscribeMessage, WebSocketGateway, WebSocketServer } from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway()
class NotesGateway {
  @WebSocketServer() readonly server!: Server;

  @SubscribeMessage('join')
  async join(@ConnectedSocket() client: Socket): Promise<{ result: string }> {
    if (!isKnown(client)) return { result: 'nope' };
    await client.join('users');
    return { result: 'joined' };
  }

  @SubscribeMessage('save')
  save(@ConnectedSocket() client: Socket): { result: string; notes?: string[] } {
    if (!isKnown(client)) return { result: 'nope' };
    this.server.to('users').emit('saved', 1);
    return { result: 'saved', notes: ['one'] };
  }
}

function isKnown(client: Socket): boolean {
  try {
    return verify(client.handshake.query['token']).sub !== '';
  } catch {
    return false;
  }
}

export default target({
  title: 'the service behind the handler checks the token, and refuses in the payload; the token is in the query',
  finds: ['stranger-stays', 'credential-in-url'],
  shown: ['token-in-query'],
  untold: unasked,
  serve: async () => ({
    url: await nest([NotesGateway]),
    description: {
      credential: { at: 'query.token', valid: { env: 'VALID' } },
      before: [{ event: 'join' }],
      event: { event: 'save', answer: 'ack' },
      refusal: { pointer: '/result', value: 'nope' },
    },
    environment: { VALID: issue() },
  }),
});
