import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { redisUrl, withoutRedis } from '../../../../test/support/stores.ts';
import { redisAdapter, redisStores } from './index.ts';

afterEach(() => vi.restoreAllMocks());

/** By which Redis is asked itself. */
async function admin() {
  const client = createClient({ url: redisUrl! });
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}

describe.skipIf(redisUrl === undefined)(`stores on Redis${withoutRedis}`, () => {
  it('have one clock for all nodes, however wrong that of a node is', async () => {
    const redis = await admin();
    const real = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000);
    const prefix = `${randomUUID()}:`;
    const stores = await redisStores({ url: redisUrl!, prefix });
    onTestFinished(() => stores.close());
    const [seconds, microseconds] = (await redis.sendCommand<string[]>(['TIME'])).map(Number);
    expect(Math.abs(stores.clock.now() - (seconds! * 1000 + microseconds! / 1000))).toBeLessThan(1000);
  });

  it.each<[string, (url: string) => Promise<unknown>, string]>([
    ['stores', (url) => redisStores({ url }), 'ERR_REDIS_REFUSED'],
    ['stores', () => redisStores({ url: 'redis://someone:canary@127.0.0.1:1' }), 'ERR_REDIS_UNREACHABLE'],
    ['the adapter', () => redisAdapter('redis://someone:canary@127.0.0.1:1'), 'ERR_REDIS_UNREACHABLE'],
    ['the adapter', () => redisAdapter('canary'), 'ERR_REDIS_URL'],
  ])('%s that cannot be had stop the start with a code, and tell no password', async (_, open, code) => {
    const redis = await admin();
    const name = `lab-${randomUUID()}`;
    await redis.sendCommand(['ACL', 'SETUSER', name, 'on', '>canary', '~*', '&*', '+@connection', '+subscribe']);
    onTestFinished(async () => void (await redis.sendCommand(['ACL', 'DELUSER', name])));
    const url = Object.assign(new URL(redisUrl!), { username: name, password: 'canary' }).href;
    const error = await open(url).then(
      () => undefined,
      (thrown: unknown) => thrown as Error & { code?: string },
    );
    expect(error).toMatchObject({ code });
    expect(error?.message).not.toContain('canary');
  });
});
