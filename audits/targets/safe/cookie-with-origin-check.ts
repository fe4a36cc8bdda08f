import { createHmac, randomBytes } from 'node:crypto';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { nest } from '../shared/nest.ts';
import { target, unasked } from '../shared/target.ts';
import { cookieIn } from '../shared/tokens.ts';

@WebSocketGateway()
class CartGateway {
  @SubscribeMessage('cart')
  cart(): { items: string[] } {
    return { items: ['book'] };
  }
}

const secret = randomBytes(32);
const signed = (id: string): string =>
  `s%3A${id}.${encodeURIComponent(createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, ''))}`;

export default target({
  title: 'a signed session cookie, and a check of the origin at the upgrade',
  finds: [],
  untold: unasked,
  serve: async () => ({
    url: await nest([CartGateway], {
      middleware(socket) {
        const cookie = cookieIn(socket.handshake.headers.cookie, 'connect.sid') ?? '';
        const [, id = ''] = /^s%3A(\w+)\./.exec(cookie) ?? [];
        if (cookie !== signed(id)) throw new Error('unauthorized');
      },
      options: {
        allowRequest: ({ headers }, decide) => decide(null, headers.origin === 'https://shop.example'),
      },
    }),
    description: {
      origin: 'https://shop.example',
      credential: { at: 'cookie.connect.sid', valid: { env: 'VALID' } },
      event: { event: 'cart' },
    },
    environment: { VALID: signed(randomBytes(16).toString('hex')) },
  }),
});
