import type { Profile } from '../profiles.ts';
import { type Arm, armBlocks, type Sample, type Suite } from '../suite.ts';
import { checkDoor, measureFor, voidReason, withServer } from './server-run.ts';

const id = 'parse-cost';

export const parseCost: Suite = {
  id,
  title: 'What authentication costs a message',
  question: 'How much server CPU does each strategy spend on a message, beside the same gateways with an open door?',
  method:
    'A closed loop of `sendMessage` with its ack, the server saturated; every ack is checked to carry the sender. ' +
    'CPU is that of the whole server process, all threads, over the messages of the same stretch.',
  blocks: (arms, profile) =>
    armBlocks(id, arms, profile.repetitions, { expected: profile.warmUp + profile.measure + 2 }, (arm) =>
      measure(arm, profile),
    ),
};

function measure(arm: Arm, { connections, inFlight, warmUp, measure: seconds }: Profile): Promise<Sample[]> {
  return withServer(arm, {}, async (server, generator) => {
    const users = await server.call.addUsers('talker', connections);
    await generator.call.signIn(users);
    await checkDoor(arm, generator);
    await generator.call.connect(connections);
    await generator.call.load(inFlight);
    await measureFor(server, generator, warmUp);
    const measured = await measureFor(server, generator, seconds);
    await generator.call.stop();
    const { progress, cpu } = measured;
    const reason = voidReason(measured);
    const shared = {
      params: { load: 'saturated', connections, inFlight: connections * inFlight },
      ...(reason !== undefined && { void: reason }),
    };
    return [
      { metric: 'server-cpu-per-message', value: cpu / progress.count, ...shared },
      { metric: 'messages-per-second', value: progress.count / progress.seconds, ...shared },
      { metric: 'latency-p50', value: progress.p50, ...shared },
      { metric: 'latency-p99', value: progress.p99, ...shared },
    ];
  });
}
