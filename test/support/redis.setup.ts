import { RedisServer, redisServerPath } from '../../harness/processes/redis-server.ts';

/** One Redis for all tests, each under a prefix of its own: REDIS_URL, or a server that is started here. */
export default async function startRedis(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['REDIS_URL'] !== undefined) return undefined;
  if (redisServerPath() === undefined) {
    if (process.env['CI'] !== undefined) throw new Error("CI needs 'redis-server', or a REDIS_URL");
    process.stderr.write("No 'redis-server' and no REDIS_URL: the tests over Redis are skipped.\n");
    return undefined;
  }
  const server = await RedisServer.start();
  process.env['REDIS_URL'] = server.url;
  return () => server.stop();
}
