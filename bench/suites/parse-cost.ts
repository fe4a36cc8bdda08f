import type { Profile } from '../profiles.ts';
import type { Sample, Suite } from '../suite.ts';
import { measureFor, type Pair, sharedBlocks, voidReason } from './server-run.ts';

const id = 'parse-cost';

export const parseCost: Suite = {
  id,
  title: 'What authentication costs a message',
  question: 'How much server CPU does each strategy spend on a message, beside the same gateways with an open door?',
  method:
    'A closed loop of `sendMessage` with its ack, the server saturated; every ack is checked to carry the sender. ' +
    'CPU is that of the whole server process, all threads, over the messages of the same stretch.',
  blocks: (arms, profile) =>
    sharedBlocks(id, arms, profile, profile.warmUp + profile.measure + 1, (pair) => measure(pair, profile)),
};

async function measure({ server, generator }: Pair, profile: Profile): Promise<Sample[]> {
  const { connections, inFlight } = profile;
  await generator.call.connect(connections);
  await generator.call.load(inFlight);
  await measureFor(server, generator, profile.warmUp);
  const measured = await measureFor(server, generator, profile.measure);
  await generator.call.stop();
  await generator.call.leave();
  const { progress, cpu } = measured;
  const reason = voidReason(measured);
  const common = {
    params: { load: 'saturated', connections, inFlight: connections * inFlight },
    ...(reason !== undefined && { void: reason }),
  };
  return [
    { metric: 'server-cpu-per-message', value: cpu / progress.count, ...common },
    { metric: 'messages-per-second', value: progress.count / progress.seconds, ...common },
    { metric: 'latency-p50', value: progress.p50, ...common },
    { metric: 'latency-p99', value: progress.p99, ...common },
  ];
}
