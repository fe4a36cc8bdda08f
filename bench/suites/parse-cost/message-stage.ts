import type { Group, RunningEntry } from '../../engine/group.ts';
import { otherHeaps, scavengesOf } from '../../engine/heap-state.ts';
import type { Profile } from '../../model/profiles.ts';
import type { Sample } from '../../model/sample.ts';
import type { Stage } from '../suite.ts';
import type { MessageSettings } from './settings.ts';
import { against, baselineOf, bySlice, type Figure, medianOf, p99Of } from '../../engine/slice-figures.ts';
import { SATURATED, type CountedSlice, type Taken, takeSlices } from '../../engine/time-slices.ts';
import { warmOne } from '../../engine/warm-up.ts';

/** An open loop whose messages were sent later than this, at the 99th percentile in ms, was another load. */
const LONGEST_LAG = 20;
/** An open loop of whose messages a smaller share was answered while it went on piled them up. */
const ANSWERED = 0.98;

/** Seconds that a server takes to get warm. */
const WARM_UP = 0.9;

/** What a message costs, for whoever takes part. */
export function messageStage(profile: Profile, { message, paced, peerRepetitions }: MessageSettings): Stage {
  const loads = paced.perSecond.length + paced.shares.length;
  const seconds = ({ warmUp, rounds, slice }: typeof message) => warmUp + 0.04 + rounds * (slice + 0.021);
  return {
    expected: WARM_UP + seconds(message) + loads * seconds(paced),
    peerRepetitions,
    prepare: (running) => warmOne(running, { ...profile, inFlight: profile.connections * profile.inFlight }),
    async measure(group, runningEntries, seed) {
      await connect(group, runningEntries, profile);
      const samples = new Map<RunningEntry, Sample[]>();
      const saturated = await saturate(group, runningEntries, profile, message, seed);
      const others = otherHeaps(saturated);
      const baseline = baselineOf(saturated);
      for (const [running, taken] of saturated) {
        samples.set(running, saturatedSamples(taken, baseline, profile, others.get(running)));
      }
      for (const perSecond of paced.perSecond) {
        const load = { name: `${perSecond}/s`, rate: () => perSecond };
        await addPaced(samples, group, profile, paced, seed, load);
      }
      for (const share of paced.shares) {
        const rate = (running: RunningEntry) => share * medianOf(saturated.get(running)!, perSecondOf);
        await addPaced(samples, group, profile, paced, seed, { name: `${100 * share}% of capacity`, rate });
      }
      return samples;
    },
  };
}

async function connect(group: Group, runningEntries: readonly RunningEntry[], { connections }: Profile): Promise<void> {
  for (const running of runningEntries) {
    const { generator, server } = running;
    await group.guard(running, () => generator.call.connect(server.url, connections));
  }
}

const perSecondOf: Figure = ({ count, seconds }) => count / seconds;
/** Of one core, of the time in which each had work: a closed loop's generator always has. Less tells of other processes. */
const serverShare: Figure = ({ cpu, seconds, utilization }) => cpu / (seconds * utilization * 1e6);
const generatorShare: Figure = ({ generatorCpu, seconds }) => generatorCpu / (seconds * 1e6);
const cpuOf: Figure = ({ count, cpu }) => cpu / count;

function saturate(
  group: Group,
  runningEntries: readonly RunningEntry[],
  { connections, inFlight }: Profile,
  message: MessageSettings['message'],
  seed: number,
) {
  const begin = ({ server, generator }: RunningEntry) => generator.call.load(server.url, connections * inFlight);
  return takeSlices(group, runningEntries, { ...message, seed, busyFrom: SATURATED, warm: true, begin });
}

function saturatedSamples(
  taken: Taken,
  baseline: Taken | undefined,
  { connections, inFlight }: Profile,
  otherHeap: string | undefined,
): Sample[] {
  const { slices, idle } = taken;
  const notBusy =
    slices.length < idle ? `the server was not saturated (${idle} of ${slices.length + idle} slices)` : undefined;
  const params = { load: 'saturated', connections, inFlight: connections * inFlight };
  const always = { params, ...against(taken) };
  const counted = { params, ...against(taken, notBusy) };
  return [
    ...messageSamples(taken, baseline, params, notBusy ?? otherHeap),
    { metric: 'idle-slices', value: (100 * idle) / (slices.length + idle), ...always },
    { metric: 'server-core-share', value: 100 * medianOf(taken, serverShare), ...counted },
    { metric: 'generator-core-share', value: 100 * medianOf(taken, generatorShare), ...counted },
  ];
}

interface PacedLoad {
  readonly name: string;
  readonly rate: (running: RunningEntry) => number;
}

async function addPaced(
  samples: Map<RunningEntry, Sample[]>,
  group: Group,
  { connections }: Profile,
  paced: MessageSettings['paced'],
  seed: number,
  { name, rate }: PacedLoad,
): Promise<void> {
  const begin = (running: RunningEntry) => running.generator.call.pace(running.server.url, rate(running), seed);
  const taken = await takeSlices(group, [...samples.keys()], { ...paced, seed, warm: true, begin });
  const baseline = baselineOf(taken);
  for (const [running, one] of taken) {
    const params = { load: name, connections };
    const reason = notThatLoad(one);
    samples
      .get(running)
      ?.push(
        ...messageSamples(one, baseline, params, reason),
        p99Of('send-lag-p99', one.lag, { params, ...against(one, reason) }),
      );
  }
}

/** Why an open loop was another load than it says: what it sent came late, or was not answered at that rate. */
function notThatLoad({ lag, slices }: Taken): string | undefined {
  if (lag.p99 > LONGEST_LAG) return `the generator was late (${lag.p99.toFixed(0)} ms at p99)`;
  const sum = (of: (slice: CountedSlice) => number) => slices.reduce((all, slice) => all + of(slice), 0);
  const inTime = sum(({ answered }) => answered) / sum(({ offered }) => offered);
  return inTime < ANSWERED ? `${Math.floor(100 * inTime)}% of the offered messages were answered in time` : undefined;
}

function messageSamples(
  taken: Taken,
  baseline: Taken | undefined,
  params: Sample['params'],
  reason: string | undefined,
): Sample[] {
  const { slices, garbage, latency, loopDelay } = taken;
  const common = { params, ...against(taken, reason) };
  const collected = {
    params,
    ...against(taken, reason ?? (garbage.scavenges === 0 ? 'nothing was collected' : undefined)),
  };
  const figureOf = (metric: Sample['metric'], figure: Figure): Sample => ({
    metric,
    ...bySlice(taken, baseline, figure),
    ...common,
  });
  const messages = slices.reduce((sum, { count }) => sum + count, 0);
  return [
    figureOf('server-cpu-per-message', cpuOf),
    figureOf('messages-per-second', perSecondOf),
    { metric: 'latency-p50', value: latency.p50, distribution: latency.distribution, ...common },
    p99Of('latency-p99', latency, common),
    { metric: 'gc-per-message', value: (1000 * garbage.ms) / messages, ...common },
    { metric: 'young-generation', value: garbage.youngGeneration, ...collected },
    { metric: 'scavenges-per-megabyte', value: scavengesOf(taken), ...collected },
    { metric: 'messages-per-event', value: medianOf(taken, ({ count, events }) => count / events), ...common },
    { metric: 'messages-per-loop', value: medianOf(taken, ({ count, loops }) => count / loops), ...common },
    { metric: 'event-loop-delay-p99', value: loopDelay, ...common },
  ];
}
