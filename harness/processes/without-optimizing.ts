import { setFlagsFromString } from 'node:v8';

/** With this argument, a process optimizes from the start. */
export const OPTIMIZE = '--optimize-start';

/**
 * Runs `once` while TurboFan, V8's optimizing compiler, compiles nothing. In a start, the hottest functions are those of
 * Node's module loader, and optimizing them takes a seventh of the CPU of the start. A run starts more than a hundred processes.
 */
export async function withoutOptimizing<T>(once: () => T): Promise<Awaited<T>> {
  if (process.argv.includes(OPTIMIZE)) return await once();
  setFlagsFromString('--no-opt');
  try {
    return await once();
  } finally {
    setFlagsFromString('--opt');
  }
}
