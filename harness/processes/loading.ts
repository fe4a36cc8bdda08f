import { setFlagsFromString } from 'node:v8';

/**
 * Does what is done only once, while V8 optimizes nothing: the hottest functions are then those of Node's module loader, and
 * to optimize them takes a seventh of the CPU of a start. A run starts more than a hundred processes.
 */
export async function loading<T>(once: () => T): Promise<Awaited<T>> {
  setFlagsFromString('--no-opt');
  try {
    return await once();
  } finally {
    setFlagsFromString('--opt');
  }
}
