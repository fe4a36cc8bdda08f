import type { GeneratorHandlers } from './generator-process.ts';
import { Child } from './rpc.ts';

export type Generator = Child<GeneratorHandlers>;

/** A load generator in a process of its own, aimed at one server. */
export async function startGenerator(url: string, strategy: string): Promise<Generator> {
  const child = await Child.start<GeneratorHandlers>('./generator-process.js', import.meta.url);
  await child.call.target(url, strategy);
  return child;
}
