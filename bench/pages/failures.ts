import type { Run } from '../model/run-file.ts';

/** Entries and answers that failed, a sentence each. */
export const failuresOf = (run: Run & { readonly failures?: readonly string[] }): readonly string[] =>
  run.failures ?? [];
