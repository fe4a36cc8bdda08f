import { type Clock, systemClock } from '../../clock.ts';
import { ConfigurationError } from '../../errors.ts';
import type { Stores } from '../stores.ts';
import { RedisAttempts } from './attempts.ts';
import { RedisRefreshFamilies } from './families.ts';
import { RedisLink } from './link.ts';
import { type BusCounters, RedisRevocations, type RedisRevocationsOptions } from './revocations.ts';
import { RedisSessions } from './sessions.ts';
import { RedisSignIns } from './sign-ins.ts';

export { type RedisAdapter, redisAdapter } from './adapter.ts';
export type { BusCounters } from './revocations.ts';

export interface RedisStoresOptions extends Partial<RedisRevocationsOptions> {
  /** Such as `redis://127.0.0.1:6379`, or `rediss:` for TLS. It may hold a password, so no error or log repeats it. */
  readonly url: string;
}

export interface RedisStores extends Stores {
  readonly revocations: Stores['revocations'] & { readonly counters: Readonly<BusCounters> };
  /** For the `clock` of `WsAuthModule.forRoot`: the time of Redis, so that no node issues what another has revoked already. */
  readonly clock: Clock;
  /** Call it after `app.close()`, so that a sign-out during the shutdown still reaches the other nodes. */
  close(): Promise<void>;
}

/** The defaults of the options; times are in ms. */
export const redisDefaults = {
  prefix: 'ws-auth:',
  sweepInterval: 1000,
  logRetention: 3_600_000,
  onLoss: 'open',
  closeAfter: 5000,
} as const;

/**
 * The stores of an application of several nodes, in one Redis. A cluster does not work, because a script touches several keys.
 * Redis has to persist its data. With `appendonly yes` and `appendfsync always` it loses nothing that it confirmed, also if it
 * is killed. With `everysec` it may lose the last 2 s.
 * @throws ConfigurationError `ERR_REDIS_URL`, `ERR_REDIS_UNREACHABLE` or `ERR_REDIS_REFUSED`
 */
export async function redisStores({ url, ...given }: RedisStoresOptions): Promise<RedisStores> {
  const options = { ...redisDefaults, ...given };
  const link = await RedisLink.open(url);
  const clock = given.clock ?? { ...systemClock, now: () => link.now() };
  const revocations = await RedisRevocations.open(link, { ...options, clock }).catch((cause: unknown) => {
    link.close();
    const message = 'Redis refused the commands of the stores. Use Redis 6.2 or later, and a user who may run scripts';
    throw new ConfigurationError('ERR_REDIS_REFUSED', message, { cause });
  });
  return {
    revocations,
    families: new RedisRefreshFamilies(link, options.prefix),
    sessions: new RedisSessions(link, options.prefix, clock),
    attempts: new RedisAttempts(link, options.prefix),
    signIns: new RedisSignIns(link, options.prefix, clock),
    clock,
    async close() {
      await revocations.close();
      link.close();
    },
  };
}
