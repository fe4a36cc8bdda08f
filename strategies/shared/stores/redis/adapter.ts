import { createAdapter } from '@socket.io/redis-adapter';
import type { ServerOptions } from 'socket.io';
import { RedisLink } from './link.ts';

export interface RedisAdapter {
  /** For the `adapter` of `WsAuthModule.forRoot`. */
  readonly adapter: NonNullable<ServerOptions['adapter']>;
  /** Call it after `app.close()`. */
  close(): void;
}

/**
 * Socket.IO's broadcasts over Redis, to the sockets of every node that has the same `prefix`. While Redis cannot be reached,
 * a broadcast reaches only the sockets of its own node, and throws nothing.
 * @throws ConfigurationError `ERR_REDIS_URL` or `ERR_REDIS_UNREACHABLE`
 */
export async function redisAdapter(url: string, prefix = 'ws-auth:socket.io'): Promise<RedisAdapter> {
  const link = await RedisLink.open(url);
  const { commands, subscriptions } = link;
  for (const client of [commands, subscriptions]) heedless(client);
  return {
    adapter: createAdapter(commands, subscriptions, { key: prefix }) as unknown as RedisAdapter['adapter'],
    close: () => link.close(),
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
