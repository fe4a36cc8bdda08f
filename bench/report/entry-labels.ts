import { layers } from '../../harness/app/platform-layers/index.ts';
import { hasParams } from '../model/cells.ts';
import { variantNames } from '../../strategies/strategy.ts';
import type { MetricName } from '../model/metrics.ts';
import type { Cell, Role, Run } from '../model/run-file.ts';

/** Whoever stands in a row of a chart or table. */
export interface EntryLabel {
  readonly key: string;
  readonly strategy: string;
  readonly variant: Cell['variant'];
  readonly role: Role;
  readonly title: string;
  /** The title, and the variant where there are two. */
  readonly label: string;
  /** Of the palette, by strategy; -1 for what is no strategy. */
  readonly hue: number;
}

const order: readonly Role[] = ['baseline', 'strategy', 'peer', 'platform-layer', 'twin', 'control'];

/** The platform layers, from the lowest to the highest. All other entries have no place in it. */
const layerOrder = layers.map(({ id }) => id);

/** How many colours the charts have. */
const HUES = 8;

/** What a cell and a timeline are told apart by. */
export const keyOf = ({ strategy, variant }: Pick<EntryLabel, 'strategy' | 'variant'>): string =>
  `${strategy}/${variant ?? ''}`;

/** Who has a cell among these: by role, then by strategy, as published before hardened. */
export function entriesOf(run: Run, cells: readonly Pick<Cell, 'strategy' | 'variant' | 'role'>[]): EntryLabel[] {
  // Strategies first: a run has as many colours as it has strategies, and peers take what is left.
  const named = (['strategy', 'peer'] as const).flatMap((role) =>
    [...new Set(run.cells.filter((cell) => cell.role === role).map(({ strategy }) => strategy))].toSorted(),
  );
  const entries = new Map(
    cells.map(({ strategy, variant, role }) => {
      const key = keyOf({ strategy, variant });
      const title = run.entries[strategy]?.title ?? strategy;
      const label = isCandidate(role) && variant !== null ? `${title}, ${variant}` : title;
      const hue = isCandidate(role) ? named.indexOf(strategy) % HUES : -1;
      return [key, { key, strategy, variant, role, title, label, hue }];
    }),
  );
  return [...entries.values()].toSorted(
    (a, b) =>
      order.indexOf(a.role) - order.indexOf(b.role) ||
      layerOrder.indexOf(a.strategy) - layerOrder.indexOf(b.strategy) ||
      a.strategy.localeCompare(b.strategy, 'en', { numeric: true }) ||
      variantNames.indexOf(a.variant ?? 'hardened') - variantNames.indexOf(b.variant ?? 'hardened'),
  );
}

/** The cells of a metric, where `params` and the suite agree; the first of each row. */
export function cellsOf(run: Run, metric: MetricName, params: Cell['params'] = {}, suite?: string): Map<string, Cell> {
  const found = run.cells.filter(
    (cell) => cell.metric === metric && (suite === undefined || cell.suite === suite) && hasParams(cell, params),
  );
  return new Map(found.toReversed().map((cell) => [keyOf(cell), cell]));
}

/** `load saturated, connections 16`. */
export const paramsText = (params: Cell['params']): string =>
  Object.entries(params)
    .map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${value}`)
    .join(', ');

const isCandidate = (role: Role): boolean => role === 'strategy' || role === 'peer';
