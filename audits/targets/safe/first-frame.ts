import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { webSocket } from '../shared/plain.ts';
import { target, unasked } from '../shared/target.ts';

/** Longer than an unauthenticated client may stay, in ms. */
const LONGEST_WAIT = 1500;
const token = randomBytes(20).toString('base64url');
const channels = new Map<WebSocket, Set<string>>();

interface Frame {
  readonly type: string;
  readonly token?: unknown;
  readonly channel?: string;
  readonly value?: unknown;
}

export default target({
  title: 'JSON frames over ws: the first one carries an opaque token, and the next one subscribes to a channel',
  finds: [],
  untold: unasked,
  serve: async () => ({
    url: await webSocket((socket) => {
      const say = (frame: object): void => socket.send(JSON.stringify(frame));
      const late = setTimeout(() => socket.close(4408, 'too late'), LONGEST_WAIT);
      socket.on('close', () => {
        clearTimeout(late);
        channels.delete(socket);
      });
      socket.on('message', (data: Buffer) => {
        const { type, token: given, channel = '', value } = JSON.parse(data.toString()) as Frame;
        const own = channels.get(socket);
        if (type === 'auth') {
          if (given !== token) return socket.close(4401, 'unauthorized');
          clearTimeout(late);
          channels.set(socket, new Set());
          return say({ type: 'welcome' });
        }
        if (own === undefined) return say({ type: 'error', code: 'unauthenticated' });
        if (type === 'subscribe') {
          own.add(channel);
          return say({ type: 'subscribed', channel });
        }
        for (const [client, joined] of channels)
          if (joined.has(channel)) client.send(JSON.stringify({ type: 'update', channel, value }));
      });
    }),
    description: {
      platform: 'ws',
      frames: { event: 'type', data: null },
      credential: {
        at: 'message',
        message: { event: 'auth', arguments: [{ token: '{credential}' }] },
        valid: { env: 'VALID' },
      },
      before: [{ event: 'subscribe', arguments: [{ channel: 'prices' }] }],
      event: { event: 'publish', arguments: [{ channel: 'prices', value: 1 }] },
    },
    environment: { VALID: token },
  }),
});
