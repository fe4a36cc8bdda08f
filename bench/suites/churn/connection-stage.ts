import type { RunningEntry } from '../../engine/group.ts';
import { against, baselineOf, bySlice, type Figure, p99Of } from '../../engine/slice-figures.ts';
import { takeSlices } from '../../engine/time-slices.ts';
import type { Profile } from '../../model/profiles.ts';
import type { Sample } from '../../model/sample.ts';
import type { Stage } from '../suite.ts';
import type { ConnectionSettings } from './settings.ts';

/** What a connection costs, for whoever takes part. */
export function connectionStage(
  { connections }: Profile,
  { connection, connectionRepetitions: repetitions }: ConnectionSettings,
): Stage {
  const { warmUp, rounds, slice } = connection;
  return {
    repetitions,
    expected: 0.1 + warmUp + rounds * (slice + 0.08),
    async measure(group, runningEntries, seed) {
      const begin = ({ server, generator }: RunningEntry) => generator.call.churn(server.url, connections);
      const measured = await takeSlices(group, runningEntries, { ...connection, seed, begin });
      const baseline = baselineOf(measured);
      const samples = new Map<RunningEntry, Sample[]>();
      for (const [running, taken] of measured) {
        const { latency } = taken;
        const common = { params: { clients: connections }, ...against(taken) };
        const figureOf = (metric: Sample['metric'], figure: Figure): Sample => ({
          metric,
          ...bySlice(taken, baseline, figure),
          ...common,
        });
        samples.set(running, [
          figureOf('connects-per-second', ({ count, seconds }) => count / seconds),
          { metric: 'handshake-p50', value: latency.p50, distribution: latency.distribution, ...common },
          p99Of('handshake-p99', latency, common),
          figureOf('server-cpu-per-connection', ({ count, cpu }) => cpu / count / 1000),
          figureOf('server-busy', ({ utilization }) => 100 * utilization),
        ]);
      }
      return samples;
    },
  };
}
