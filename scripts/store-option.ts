import type { StoreSpec } from '../harness/app/store.ts';
import { systemClock } from '../strategies/shared/clock.ts';
import { noSuch, UsageError } from './command.ts';

/** For `parseArgs`. */
export const storeOptions = {
  store: { type: 'string', default: 'memory' },
  'redis-url': { type: 'string' },
} as const;

export const STORE_HELP = `\
  --store KIND    memory (default) or redis: where sessions, refresh families
                  and revocations are kept
  --redis-url URL redis://host:port. The default is the environment's REDIS_URL,
                  which, unlike an option, no list of processes shows`;

/** The store that was asked for; undefined for the memory of this process. @throws UsageError */
export function storeOf(values: { readonly store: string; readonly 'redis-url'?: string }): StoreSpec | undefined {
  const url = values['redis-url'];
  if (values.store === 'memory') {
    if (url !== undefined) throw new UsageError('--redis-url is for --store redis');
    return undefined;
  }
  if (values.store !== 'redis') throw new UsageError(noSuch('store', values.store, ['memory', 'redis']));
  const given = url ?? process.env['REDIS_URL'];
  if (given === undefined) throw new UsageError('--store redis takes a --redis-url, or REDIS_URL in the environment');
  return { url: given };
}

/** The arguments for a recorded command. A URL may hold a password, so it is left out. */
export const withoutUrl = (args: readonly string[]): readonly string[] =>
  args.map((arg, index) =>
    args[index - 1] === '--redis-url' ? 'URL' : arg.replace(/^--redis-url=.*/s, '--redis-url=URL'),
  );

/** Connects once, before any audit. @throws ConfigurationError where the store cannot be reached or refuses us */
export async function tryStore(spec: StoreSpec): Promise<void> {
  const { openStore } = await import('../harness/app/store.ts');
  await (await openStore(spec, systemClock)).close();
}
