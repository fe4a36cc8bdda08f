import { setImmediate as tick } from 'node:timers/promises';
import { type OnGatewayConnection, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Socket } from 'socket.io';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

@WebSocketGateway()
class NotesGateway implements OnGatewayConnection {
  async handleConnection(client: Socket): Promise<void> {
    // A library that verifies on another thread takes about this long.
    for (let turn = 0; turn < 20; turn++) await tick();
    try {
      verify(client.handshake.auth['token']);
    } catch {
      client.disconnect();
    }
  }

  @SubscribeMessage('notes')
  notes(): string[] {
    return ['one'];
  }
}

export default target({
  title: 'an asynchronous handleConnection that takes less than a millisecond',
  finds: ['acts-before-verdict'],
  shown: ['verdict-after-connect'],
  untold: [...unasked, /^receive\//],
  serve: async () => ({
    url: await nest([NotesGateway]),
    description: { credential: { valid: { env: 'VALID' } }, event: { event: 'notes' } },
    environment: { VALID: issue() },
  }),
});
