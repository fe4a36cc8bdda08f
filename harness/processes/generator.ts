import type { GeneratorHandlers } from './generator-process.ts';
import type { Launch } from './launch.ts';
import { Child } from './rpc.ts';

export type Generator = Child<GeneratorHandlers>;

/** A load generator in a process of its own. */
export const startGenerator = (launch?: Launch): Promise<Generator> =>
  Child.start<GeneratorHandlers>('./generator-process.js', import.meta.url, launch);
