import type { Field, Stall } from '../field.ts';
import { otherHeaps, scavengesOf } from '../heap-state.ts';
import type { Profile } from '../profiles.ts';
import type { Sample, Stage, Suite } from '../suite.ts';
import {
  against,
  baselineOf,
  bySlice,
  type Figure,
  medianOf,
  p99Of,
  SATURATED,
  type Slice,
  type Taken,
  takeTurns,
} from '../turns.ts';
import { warm } from '../warm-up.ts';

/** An open loop whose messages were sent later than this, at the 99th percentile in ms, was another load. */
const LONGEST_LAG = 20;
/** An open loop of whose messages a smaller share was answered while it went on piled them up. */
const ANSWERED = 0.98;

export const parseCost: Suite = {
  id: 'parse-cost',
  title: 'What authentication costs a message',
  question: 'How much server CPU does each strategy spend on a message, beside the same gateways with an open door?',
  method:
    'A closed loop of `sendMessage` with its ack, the server saturated: each connection sends five messages in one go, and ' +
    'the next five when all are answered. Every ack is checked to carry the sender, and ' +
    'outsiders with a forged or expired credential try their luck during the turns and must not be answered. The ' +
    'servers of a block are up at once, each in a fresh process, and take short turns in an order drawn anew. CPU is ' +
    'that of the whole server process, all threads, over the messages of the same turn. A figure is the median over the ' +
    'turns, and a ratio the median over the rounds, each turn over that of the open door in the same round. Where a run has open loops, ' +
    'messages come at random times, and latency runs from when a message was to be sent, ' +
    'for each that was; where fewer than 98% were answered meanwhile, the block is void.',
  takes: ['twin', 'control', 'contestant', 'peer'],
  stages: (profile) => [messageStage(profile)],
};

/** Seconds that a server takes to get warm. */
const WARM_UP = 0.7;

/** What a message costs, for whoever takes part. */
export function messageStage(profile: Profile): Stage {
  const { message, paced } = profile;
  const loads = paced.perSecond.length + paced.shares.length;
  const seconds = ({ warmUp, rounds, turn }: typeof message) => warmUp + 0.04 + rounds * (turn + 0.045);
  return {
    expected: WARM_UP + seconds(message) + loads * seconds(paced),
    prepare: (field, stalls) => warm(field, stalls, { ...profile, inFlight: profile.connections * profile.inFlight }),
    async measure(field, stalls, seed) {
      await connect(field, stalls, profile);
      const samples = new Map<Stall, Sample[]>();
      const saturated = await saturate(field, stalls, profile, seed);
      const others = otherHeaps(saturated);
      const baseline = baselineOf(saturated);
      for (const [stall, taken] of saturated) {
        samples.set(stall, saturatedSamples(taken, baseline, profile, others.get(stall)));
      }
      for (const perSecond of paced.perSecond) {
        const load = { name: `${perSecond}/s`, rate: () => perSecond };
        await addPaced(samples, field, profile, seed, load);
      }
      for (const share of paced.shares) {
        const rate = (stall: Stall) => share * medianOf(saturated.get(stall)!, perSecondOf);
        await addPaced(samples, field, profile, seed, { name: `${100 * share}% of capacity`, rate });
      }
      for (const { server, generator } of samples.keys()) await generator.call.leave(server.url);
      return samples;
    },
  };
}

/** Of those whose clients have left before, too. */
async function connect(field: Field, stalls: readonly Stall[], { connections }: Profile): Promise<void> {
  for (const stall of stalls) {
    const { generator, server } = stall;
    await field.guard(stall, () => generator.call.connect(server.url, connections));
  }
}

const perSecondOf: Figure = ({ count, seconds }) => count / seconds;
/** Of one core, of the time in which each had work: a closed loop's generator always has. Less tells of other processes. */
const serverShare: Figure = ({ cpu, seconds, utilization }) => cpu / (seconds * utilization * 1e6);
const generatorShare: Figure = ({ generatorCpu, seconds }) => generatorCpu / (seconds * 1e6);
const cpuOf: Figure = ({ count, cpu }) => cpu / count;

function saturate(field: Field, stalls: readonly Stall[], { message, connections, inFlight }: Profile, seed: number) {
  const begin = ({ server, generator }: Stall) => generator.call.load(server.url, connections * inFlight);
  return takeTurns(field, stalls, { ...message, seed, busyFrom: SATURATED, begin });
}

function saturatedSamples(
  taken: Taken,
  baseline: Taken | undefined,
  { connections, inFlight }: Profile,
  otherHeap: string | undefined,
): Sample[] {
  const { slices, idle } = taken;
  const notBusy =
    slices.length < idle ? `the server was not saturated (${idle} of ${slices.length + idle} turns)` : undefined;
  const params = { load: 'saturated', connections, inFlight: connections * inFlight };
  const always = { params, ...against(taken) };
  const counted = { params, ...against(taken, notBusy) };
  return [
    ...messageSamples(taken, baseline, params, notBusy ?? otherHeap),
    { metric: 'idle-turns', value: (100 * idle) / (slices.length + idle), ...always },
    { metric: 'server-core-share', value: 100 * medianOf(taken, serverShare), ...counted },
    { metric: 'generator-core-share', value: 100 * medianOf(taken, generatorShare), ...counted },
  ];
}

interface PacedLoad {
  readonly name: string;
  readonly rate: (stall: Stall) => number;
}

async function addPaced(
  samples: Map<Stall, Sample[]>,
  field: Field,
  { paced, connections }: Profile,
  seed: number,
  { name, rate }: PacedLoad,
): Promise<void> {
  const begin = (stall: Stall) => stall.generator.call.pace(stall.server.url, rate(stall), seed);
  const taken = await takeTurns(field, [...samples.keys()], { ...paced, seed, begin });
  const baseline = baselineOf(taken);
  for (const [stall, one] of taken) {
    const params = { load: name, connections };
    const reason = notThatLoad(one);
    samples
      .get(stall)
      ?.push(
        ...messageSamples(one, baseline, params, reason),
        p99Of('send-lag-p99', one.lag, { params, ...against(one, reason) }),
      );
  }
}

/** Why an open loop was another load than it says: what it sent came late, or was not answered at that rate. */
function notThatLoad({ lag, slices }: Taken): string | undefined {
  if (lag.p99 > LONGEST_LAG) return `the generator was late (${lag.p99.toFixed(0)} ms at p99)`;
  const sum = (of: (slice: Slice) => number) => slices.reduce((all, slice) => all + of(slice), 0);
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
