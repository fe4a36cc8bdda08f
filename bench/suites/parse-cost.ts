import type { Profile } from '../profiles.ts';
import type { Sample, Suite } from '../suite.ts';
import { type Field, type Measured, type Stall, takeTurns } from './field.ts';
import { fieldBlocks, wrongAnswers } from './shared-field.ts';

const id = 'parse-cost';
/** Below this share of busy time a closed loop tells of its clients, and not of the server. */
const SATURATED = 0.95;

export const parseCost: Suite = {
  id,
  title: 'What authentication costs a message',
  question: 'How much server CPU does each strategy spend on a message, beside the same gateways with an open door?',
  method:
    'A closed loop of `sendMessage` with its ack, the server saturated; every ack is checked to carry the sender. All ' +
    'arms are up at once, each in a fresh process, and take short turns in an order drawn anew each round. CPU is ' +
    'that of the whole server process, all threads, over the messages of the same turns.',
  blocks: (arms, profile) => {
    const { warmUp, turn, rounds } = profile.message;
    const expected = arms.length * (warmUp + rounds * (turn + 0.06) + 1);
    return fieldBlocks(id, arms, profile, expected, (field, repetition) => measure(field, profile, repetition));
  },
};

async function measure(field: Field, { connections, inFlight, message, seed }: Profile, repetition: number) {
  for (const { server, generator } of field.stalls) await generator.call.connect(server.url, connections);
  const turns = { ...message, seed: seed * 1000 + repetition };
  const measured = await takeTurns(field, turns, ({ server, generator }) => generator.call.load(server.url, inFlight));
  const samples = new Map<Stall, Sample[]>();
  for (const [stall, sum] of measured) {
    const latencies = await stall.generator.call.latencies(stall.server.url);
    samples.set(stall, samplesOf(sum, latencies, { load: 'saturated', connections, inFlight: connections * inFlight }));
    await stall.generator.call.leave(stall.server.url);
  }
  return samples;
}

function samplesOf(sum: Measured, { p50, p99 }: { p50: number; p99: number }, params: Sample['params']): Sample[] {
  const busy = (sum.utilization * 100).toFixed(0);
  const idle = sum.utilization < SATURATED ? `the server was not saturated (event loop ${busy}% busy)` : undefined;
  const reason = wrongAnswers(sum) ?? idle;
  const common = { params, ...(reason !== undefined && { void: reason }) };
  return [
    { metric: 'server-cpu-per-message', value: sum.cpu / sum.count, ...common },
    { metric: 'messages-per-second', value: sum.count / sum.seconds, ...common },
    { metric: 'latency-p50', value: p50, ...common },
    { metric: 'latency-p99', value: p99, ...common },
  ];
}
