import { hasParams } from '../bench/model/cells.ts';
import type { AuditReport, Finding, StalenessCell } from '../audits/engine/audit-file.ts';
import { noiseOf } from '../bench/model/noise.ts';
import type { MetricName } from '../bench/model/metrics.ts';
import type { Cell, Run } from '../bench/model/run-file.ts';
import type { VariantName } from '../strategies/strategy.ts';
import type { Told } from './decide.ts';

/** What a demonstration or an observation saw, by name. */
export type Seen = Readonly<Record<string, number | boolean | string>>;

/** What was seen on one line of Nest, by demonstration. */
export interface Platform {
  /** The version of `@nestjs/core`. */
  readonly nest: string;
  readonly seen: Readonly<Record<string, Seen>>;
}

/** The recorded results that verdicts are computed from, and nothing else. */
export interface Recorded {
  readonly run?: Run | undefined;
  /** A run of several nodes. */
  readonly nodes?: Run | undefined;
  readonly audit?: AuditReport | undefined;
  readonly platforms: readonly Platform[];
  readonly observations: Readonly<Record<string, Seen>>;
}

/** What was recorded, by the questions that claims ask of it. */
export class Evidence {
  readonly #recorded: Recorded;
  readonly #cells: readonly Cell[];

  constructor(recorded: Recorded) {
    this.#recorded = recorded;
    this.#cells = [...(recorded.run?.cells ?? []), ...(recorded.nodes?.cells ?? [])];
  }

  cell(
    metric: MetricName,
    strategy: string,
    variant: VariantName | null,
    params: Cell['params'] = {},
  ): Cell | undefined {
    return this.#cells.find(
      (cell) =>
        cell.metric === metric &&
        cell.strategy === strategy &&
        cell.variant === variant &&
        cell.void === undefined &&
        hasParams(cell, params),
    );
  }

  cells(metric: MetricName): readonly Cell[] {
    return this.#cells.filter((cell) => cell.metric === metric && cell.void === undefined);
  }

  finding(strategy: string, variant: VariantName, id: string): Finding | undefined {
    return this.#recorded.audit?.inside.columns
      .find((column) => column.strategy === strategy && column.variant === variant)
      ?.findings.find((finding) => finding.id === id);
  }

  /** Whether a promise is kept; undefined where it was not asked, or does not apply. */
  keeps(strategy: string, variant: VariantName, id: string): Told {
    const outcome = this.finding(strategy, variant, id)?.outcome;
    return outcome === 'pass' ? true : outcome === 'fail' || outcome === 'deviation' ? false : undefined;
  }

  /** The strategies that were audited, without the baseline. */
  get strategies(): readonly string[] {
    const columns = this.#recorded.audit?.inside.columns ?? [];
    return [...new Set(columns.map(({ strategy }) => strategy))].filter((id) => !id.startsWith('_'));
  }

  staleness(strategy: string, variant: VariantName, end: StalenessCell['end']): StalenessCell | undefined {
    return this.#recorded.audit?.staleness.find(
      (cell) => cell.strategy === strategy && cell.variant === variant && cell.end === end,
    );
  }

  /** What a demonstration saw, on each line of Nest. */
  platforms(demonstration: string): { readonly nest: string; readonly seen: Seen }[] {
    return this.#recorded.platforms.flatMap(({ nest, seen }) =>
      seen[demonstration] === undefined ? [] : [{ nest, seen: seen[demonstration] }],
    );
  }

  observation(name: string): Seen | undefined {
    return this.#recorded.observations[name];
  }

  /**
   * Whether a ratio lies above a threshold: its whole interval does, and it is beyond the noise of its run. Undefined
   * where the interval straddles the threshold, or there is none.
   */
  ratioAbove(cell: Cell | undefined, threshold: number): Told {
    const { ciLow, ciHigh, estimate } = cell?.ratio ?? { ciLow: null, ciHigh: null, estimate: 1 };
    if (cell === undefined || ciLow === null || ciHigh === null) return undefined;
    if (ciHigh <= threshold) return false;
    const noise = this.#recorded.run && noiseOf(this.#recorded.run, cell);
    if (noise?.separated === true) return undefined;
    return ciLow > threshold && estimate > (noise?.floor ?? 1) ? true : undefined;
  }
}

/** Whether it ended within so many ms in every block; undefined where blocks disagree, or there are none. */
export function endsWithin(cell: Cell | undefined, ms: number): Told {
  const blocks = cell?.blocks.filter((value) => value !== null) ?? [];
  if (cell === undefined || blocks.length === 0) return undefined;
  if (blocks.every((value) => value <= ms)) return true;
  return cell.censored === true || blocks.every((value) => value > ms) ? false : undefined;
}
