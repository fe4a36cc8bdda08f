import type { Field, Stall } from '../field.ts';
import type { Profile } from '../profiles.ts';
import type { Sample, Stage, Suite } from '../suite.ts';
import { against, p99Of, SATURATED, type Taken, takeTurns } from '../turns.ts';

/** An open loop whose messages were sent later than this, at the 99th percentile in ms, was another load. */
const LONGEST_LAG = 20;
/** An open loop of whose messages a smaller share was answered while it went on piled them up. */
const ANSWERED = 0.98;

export const parseCost: Suite = {
  id: 'parse-cost',
  title: 'What authentication costs a message',
  question: 'How much server CPU does each strategy spend on a message, beside the same gateways with an open door?',
  method:
    'A closed loop of `sendMessage` with its ack, the server saturated; every ack is checked to carry the sender, and ' +
    'outsiders with a forged or expired credential try their luck during the turns and must not be answered. The ' +
    'servers of a block are up at once, each in a fresh process, and take short turns in an order drawn anew. CPU is ' +
    'that of the whole server process, all threads, over the messages of the same turns. Where a run has open loops, ' +
    'messages come at random times, and latency runs from when a message was to be sent, ' +
    'for each that was; where fewer than 98% were answered meanwhile, the block is void.',
  takes: ['twin', 'control', 'contestant', 'peer'],
  stages: (profile) => [messageStage(profile)],
};

/** What a message costs, for whoever takes part. */
export function messageStage(profile: Profile): Stage {
  const { message, paced } = profile;
  const loads = paced.perSecond.length + paced.shares.length;
  const seconds = ({ warmUp, rounds, turn }: typeof message) => warmUp + 0.04 + rounds * (turn + 0.06);
  return {
    expected: 0.3 + seconds(message) + loads * seconds(paced),
    async measure(field, stalls, seed) {
      for (const stall of stalls) {
        const { generator, server } = stall;
        await field.guard(stall, () => generator.call.connect(server.url, profile.connections));
      }
      const samples = new Map<Stall, Sample[]>();
      const saturated = await saturate(field, stalls, profile, seed);
      for (const [stall, taken] of saturated) samples.set(stall, saturatedSamples(taken, profile));
      for (const perSecond of paced.perSecond) {
        const load = { name: `${perSecond}/s`, rate: () => perSecond };
        await addPaced(samples, field, profile, seed, load);
      }
      for (const share of paced.shares) {
        const rate = (stall: Stall) => share * perSecondOf(saturated.get(stall)!);
        await addPaced(samples, field, profile, seed, { name: `${100 * share}% of capacity`, rate });
      }
      for (const { server, generator } of samples.keys()) await generator.call.leave(server.url);
      return samples;
    },
  };
}

const perSecondOf = ({ count, seconds }: Taken): number => count / seconds;

function saturate(field: Field, stalls: readonly Stall[], { message, connections, inFlight }: Profile, seed: number) {
  const begin = ({ server, generator }: Stall) => generator.call.load(server.url, connections * inFlight);
  return takeTurns(field, stalls, { ...message, seed, busyFrom: SATURATED, begin });
}

function saturatedSamples(taken: Taken, { connections, inFlight }: Profile): Sample[] {
  const { turns, idleTurns, count, generatorCpu } = taken;
  const idle =
    turns < idleTurns ? `the server was not saturated (${idleTurns} of ${turns + idleTurns} turns)` : undefined;
  const params = { load: 'saturated', connections, inFlight: connections * inFlight };
  const common = { params, ...against(taken, idle) };
  return [
    ...messageSamples(taken, params, idle),
    // An open loop's generator spins between its messages.
    { metric: 'generator-cpu-per-message', value: generatorCpu / count, ...common },
    { metric: 'idle-turns', value: (100 * idleTurns) / (turns + idleTurns), params, ...against(taken) },
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
  for (const [stall, one] of taken) {
    const params = { load: name, connections };
    const reason = notThatLoad(one);
    samples
      .get(stall)
      ?.push(
        ...messageSamples(one, params, reason),
        p99Of('send-lag-p99', one.lag, { params, ...against(one, reason) }),
      );
  }
}

/** Why an open loop was another load than it says: what it sent came late, or was not answered at that rate. */
function notThatLoad({ lag, count, offered }: Taken): string | undefined {
  if (lag.p99 > LONGEST_LAG) return `the generator was late (${lag.p99.toFixed(0)} ms at p99)`;
  const answered = count / offered;
  return answered < ANSWERED
    ? `${Math.floor(100 * answered)}% of the offered messages were answered in time`
    : undefined;
}

function messageSamples(taken: Taken, params: Sample['params'], reason: string | undefined): Sample[] {
  const { count, cpu, gc, latency, loopDelay } = taken;
  const common = { params, ...against(taken, reason) };
  return [
    { metric: 'server-cpu-per-message', value: cpu / count, ...common },
    { metric: 'messages-per-second', value: perSecondOf(taken), ...common },
    { metric: 'latency-p50', value: latency.p50, distribution: latency.distribution, ...common },
    p99Of('latency-p99', latency, common),
    { metric: 'gc-per-message', value: (1000 * gc) / count, ...common },
    { metric: 'event-loop-delay-p99', value: loopDelay, ...common },
  ];
}
