import type { EntrySpec } from '../../harness/app/entry.ts';
import type { HttpEndpoint } from '../../strategies/strategy.ts';
import type { Cell } from './run-file.ts';

/** Whose a figure is: a row's, or a library's where no server is measured. */
export type EntryKey = Pick<Cell, 'role' | 'strategy' | 'variant'>;

/** One row of the comparison. */
export interface Entry extends EntryKey {
  readonly title: string;
  readonly summary: string;
  readonly spec: EntrySpec;
  /** Whether it turns away whoever presents nothing valid: checked before it is timed, and while it is. */
  readonly guarded: boolean;
  /** The duty of client code as its credentials end. */
  readonly clientDoes?: string;
  readonly httpEndpoints: readonly HttpEndpoint[];
  /** Variants that cost the same, and that only a storm tells from this one. */
  readonly alike?: readonly EntrySpec[];
  /** The library, if any, that it verifies a token with on each message. */
  readonly verifies?: string;
  /** Whose versions matter to its figures. */
  readonly packages?: readonly string[];
  /** In what a peer behaves differently. */
  readonly differs?: readonly string[];
}

export const entryKeyOf = ({ role, strategy, variant }: EntryKey): EntryKey => ({ role, strategy, variant });
export const nameOf = ({ strategy, variant }: Pick<EntryKey, 'strategy' | 'variant'>): string =>
  variant === null ? strategy : `${strategy} ${variant}`;
