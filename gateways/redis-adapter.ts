import { createAdapter } from '@socket.io/redis-adapter';
import { createClient } from 'redis';
import type { ServerOptions } from 'socket.io';

export interface RedisAdapter {
  /** For the `adapter` of `WsAuthModule.with`. */
  readonly adapter: NonNullable<ServerOptions['adapter']>;
  /** After the application. */
  close(): void;
}

/**
 * Socket.IO's broadcasts over Redis, to the sockets of every node. What is sent while Redis cannot be reached gets to
 * this node's sockets alone, and nothing of the application fails for it.
 */
export async function redisAdapter(url: string, prefix = 'ws-auth:socket.io'): Promise<RedisAdapter> {
  const publisher = createClient({
    url,
    disableOfflineQueue: true,
    pingInterval: 1000,
    socket: { socketTimeout: 3000 },
  });
  const subscriber = publisher.duplicate({ disableOfflineQueue: false });
  for (const client of [publisher, subscriber]) {
    client.on('error', () => {});
    heedless(client);
  }
  await Promise.all([publisher.connect(), subscriber.connect()]);
  return {
    adapter: createAdapter(publisher, subscriber, { key: prefix }) as unknown as RedisAdapter['adapter'],
    close() {
      for (const client of [publisher, subscriber]) if (client.isOpen) client.destroy();
    },
  };
}

/** The adapter waits for none of these, and a rejection that nobody waits for ends the process. */
function heedless(given: object): void {
  const client = given as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const method of ['publish', 'subscribe', 'pSubscribe', 'unsubscribe', 'pUnsubscribe'] as const) {
    const run = client[method]?.bind(client);
    if (run !== undefined) client[method] = (...args) => run(...args).catch(() => {});
  }
}
