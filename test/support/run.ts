import { metrics } from '../../bench/suites/registry.ts';
import { toCells } from '../../bench/model/cells.ts';
import type { Recorded } from '../../bench/model/sample.ts';
import { type Run, SCHEMA_VERSION } from '../../bench/model/run-file.ts';

const sample = (
  strategy: string,
  metric: Recorded['metric'],
  repetition: number,
  value: number,
  extra: Partial<Recorded> = {},
): Recorded => ({
  suite: metric.includes('-after-') ? 'expiry' : 'parse-cost',
  entry: { role: 'strategy', strategy, variant: 'hardened' },
  repetition,
  metric,
  value,
  params: metric === 'server-cpu-per-message' ? { load: 'saturated' } : {},
  block: `group ${repetition}`,
  ...extra,
});

const leakMetrics = [
  'accepted-after-expiry',
  'delivered-after-expiry',
  'accepted-after-revocation',
  'delivered-after-revocation',
  'accepted-after-downgrade',
] as const;

/** A small run: `cheap` costs as much as the no-auth baseline, `dear` five times that and acts on after expiry. */
export function exampleRun(change: Partial<Run> = {}): Run {
  const cost = (strategy: string, factor: number, role: Recorded['entry']['role'] = 'strategy') =>
    [20, 22, 21, 20, 22, 21, 20, 22].map((us, index) =>
      sample(strategy, 'server-cpu-per-message', index, us * factor * (1 + index / 1000), {
        entry: { role, strategy, variant: 'hardened' },
      }),
    );
  return {
    schemaVersion: SCHEMA_VERSION,
    command: 'npm run bench',
    profile: 'quick',
    seed: 1,
    startedAt: '2026-01-02T03:04:05.000Z',
    seconds: 300,
    complete: true,
    failures: [],
    environment: {
      cpu: 'A CPU',
      cores: 2,
      memoryGiB: 8,
      cgroup: { cpus: null, memory: null },
      platform: 'linux x64',
      kernel: '6.1',
      node: 'v20.19.0',
      packages: { jose: '6.0.0' },
      commit: 'a'.repeat(40),
      dirty: false,
      flags: ['--max-semi-space-size=16'],
      pinned: null,
    },
    narrowed: { strategy: null, suite: null },
    entries: {
      cheap: { role: 'strategy', title: 'Cheap', summary: 'costs nothing' },
      dear: { role: 'strategy', title: 'Dear', summary: 'costs much' },
      _twin: { role: 'twin', title: 'Twin', summary: 'the same' },
    },
    timelines: [],
    cells: toCells(
      [
        ...cost('_no-auth', 1, 'baseline'),
        ...[0.98, 1.02, 1, 1.01, 0.99, 1.005, 0.995, 1.002].map((factor, index) => ({
          ...cost('_twin', factor, 'twin')[index]!,
          entry: { role: 'twin' as const, strategy: '_twin', variant: null },
        })),
        ...cost('cheap', 1),
        ...cost('dear', 5),
        ...leakMetrics.map((metric) => sample('cheap', metric, 0, 0)),
        sample('dear', 'accepted-after-expiry', 0, 2000, { censored: true }),
      ],
      metrics,
    ),
    ...change,
  };
}
