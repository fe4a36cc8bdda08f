import type { Strategy } from '../../strategies/strategy.ts';
import type { MemoryDirectory } from '../../strategies/shared/accounts/directory.ts';
import { type AppOptions, newDirectory, newSecret, type RunningApp, startApp } from '../../harness/app/app.ts';
import { forget, newPrefix, type StoreSpec } from '../../harness/app/store.ts';

export interface Nodes {
  readonly nodes: readonly RunningApp[];
  readonly directory: MemoryDirectory;
  close(): Promise<void>;
}

/**
 * One application as several nodes in this process: one secret, one Redis, one directory, which tells of a change on the
 * first node alone, where it was made. Each node may reach Redis by a URL of its own.
 */
export async function startNodes(
  strategy: Strategy,
  urls: readonly string[],
  { store, ...options }: Omit<AppOptions, 'store'> & { readonly store?: Omit<StoreSpec, 'url'> } = {},
): Promise<Nodes> {
  const prefix = newPrefix();
  const directory = newDirectory('fast');
  const shared = { ...options, secret: newSecret() };
  const nodes: RunningApp[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.close()));
    await forget(urls[0]!, prefix);
  };
  try {
    for (const [index, url] of urls.entries()) {
      const own = index === 0 ? directory : directory.replica();
      nodes.push(
        closingOnce(await startApp(strategy, { ...shared, directory: own, store: { ...store, url, prefix } })),
      );
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { nodes, directory, close };
}

/** An application that is closed again drains again. */
function closingOnce(app: RunningApp): RunningApp {
  let closing: Promise<void> | undefined;
  return { ...app, close: () => (closing ??= app.close()) };
}
