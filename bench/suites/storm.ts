import { setTimeout as delay } from 'node:timers/promises';
import type { ContenderSpec } from '../../harness/contender.ts';
import { startCrowd } from '../../harness/crowd.ts';
import { startServer } from '../../harness/server.ts';
import type { Profile } from '../profiles.ts';
import { type Arm, armBlocks, type Sample, type Suite } from '../suite.ts';

/** Signed in and connected before the credentials end: what 2 cores take for each client, in ms, with room. */
const ARRIVAL = 3;
/** In which parts of their span the renewals are counted. */
const BINS = 20;
/** How often it is asked whether all are in again, in ms. */
const LOOK = 500;

export const storm: Suite = {
  id: 'storm',
  title: 'When all credentials end at once',
  question: 'What do the issuer and its event loop take when everyone renews together, and who is signed out by it?',
  method:
    'The clock of the server stands still while everybody signs in, so that all credentials end in one moment; it runs on ' +
    'while they connect. From then on each client stays in as its strategy lets it. The peak is the fullest twentieth of ' +
    'the time between the first and the last request for a fresh credential, against their mean. Who is not connected ' +
    'once all is calm was signed out falsely.',
  takes: ['contestant'],
  blocks: (arms, { stormSockets }: Profile) =>
    armBlocks(
      storm,
      `${stormSockets} sockets`,
      arms.filter((arm) => arm.variant === 'hardened' && arm.httpLegs.includes('refresh')),
      1,
      { expected: 2 * (8 + (4 * ARRIVAL * stormSockets) / 1000) },
      async (arm) => {
        const samples = await weather(arm.contender, arm, stormSockets);
        for (const contender of arm.alike ?? []) samples.push(...(await weather(contender, arm, stormSockets, 'no')));
        return samples;
      },
    ),
};

async function weather(contender: ContenderSpec, { httpLegs }: Arm, sockets: number, jitter?: 'no'): Promise<Sample[]> {
  const accessToken = 5000 + 2 * ARRIVAL * sockets;
  const server = await startServer({ contender, lifetimes: { accessToken, wsToken: accessToken } });
  const crowd = await startCrowd();
  try {
    if (httpLegs.length === 0) return [];
    const users = await server.call.addUsers('guest', sockets);
    await server.call.stopClock();
    await crowd.call.signIn(server.url, contender, users);
    await server.call.skew(0);
    const endsAt = Date.now() + accessToken;
    await crowd.call.connect(server.url);
    await server.call.sample(true);
    let report = await crowd.call.report();
    const isCalm = () => report.connected + report.loggedOut === sockets && report.renewals.length >= sockets;
    while (!(isCalm() && Date.now() > endsAt + LOOK) && Date.now() < endsAt + accessToken) {
      await delay(LOOK);
      report = await crowd.call.report();
    }
    const first = report.renewals[0] ?? 0;
    // Of those that came of this end, and not of the next one.
    const wave = report.renewals.slice(0, sockets);
    const span = Math.max(1, wave.at(-1)! - first);
    const bins = Array.from({ length: BINS }, () => 0);
    for (const at of wave) bins[Math.min(BINS - 1, Math.floor(((at - first) / span) * BINS))]! += 1;
    const params = { sockets, ...(jitter && { jitter }) };
    const late = isCalm() ? {} : { void: 'it was not calm again within a lifetime' };
    return [
      { metric: 'peak-over-mean', value: (Math.max(...bins) * BINS) / sockets, params, ...late },
      { metric: 'peak-renewals', value: (Math.max(...bins) * BINS * 1000) / span, params, ...late },
      { metric: 'renewal-span', value: span, params, ...late },
      { metric: 'false-logouts', value: sockets - report.connected, params },
      { metric: 'reconnects', value: report.reconnects / sockets, params },
      { metric: 'event-loop-delay-p99', value: await server.call.loopDelay(), params },
    ];
  } finally {
    await crowd.stop();
    await server.stop();
  }
}
