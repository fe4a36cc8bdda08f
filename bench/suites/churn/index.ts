import { Group } from '../../engine/group.ts';
import type { Profile } from '../../model/profiles.ts';
import { type Entry, entryKeyOf } from '../../model/entry.ts';
import { connectionStage } from './connection-stage.ts';
import { ENOUGH_FOR_PAGES, isBaselineOrStrategy, memoryBlocks, memoryStages } from './memory.ts';
import { churnCharts, churnSection } from './section.ts';
import { type ChurnSettings, settings } from './settings.ts';
import { defineSuite, type Suite } from '../suite.ts';
import type { Block, Outcome } from '../../model/sample.ts';

/** Sign-ins at a time; scrypt keeps libuv's four threads busy with as many. */
const HTTP_CONNECTIONS = 4;

const id = 'churn';
const takes: Suite['takes'] = ['twin', 'control', 'strategy', 'peer'];

export default defineSuite<ChurnSettings>({
  id,
  order: 50,
  title: 'What a connection costs',
  question: 'How fast can clients come and go, what does one that stays hold, and how fast are the HTTP endpoints?',
  method:
    'Clients connect, authenticate, have one message answered and leave, over and over. Where the server is ' +
    'not busy throughout, connects per second and handshake times are ' +
    "those of the pair, and only CPU per connection is the server's own. Memory is the slope over idle connections, after garbage collection: " +
    `of the heap in use, and from ${ENOUGH_FOR_PAGES.toLocaleString('en')} connections on of resident memory too, which comes in pages and is the noisier of them. ` +
    'The HTTP endpoints are driven by autocannon; a login checks a scrypt hash.',
  profiles: ['quick', 'smoke', 'brief', 'full'],
  takes,
  metrics: {
    'handshake-p50': { unit: 'ms', better: 'lower' },
    'handshake-p99': { unit: 'ms', better: 'lower' },
    'server-busy': { unit: '%', better: 'higher' },
    'rss-per-connection': { unit: 'KiB', better: 'lower' },
    'heap-per-connection': { unit: 'KiB', better: 'lower' },
    'http-requests-per-second': { unit: '1/s', better: 'higher' },
  },
  settings,
  section: churnSection,
  charts: churnCharts,
  stages: (profile, own) => [connectionStage(profile, own), ...memoryStages(own)],
  blocks: (entries, profile, own) => {
    const endpoints = entries.filter((entry) => isBaselineOrStrategy(entry) && entry.httpEndpoints.length > 0);
    const { httpSeconds, httpRepetitions } = own;
    return [
      ...memoryBlocks({ id, takes }, entries, own),
      ...Array.from({ length: httpRepetitions }, (_, repetition): Block => ({
        key: `churn HTTP endpoints ${repetition}`,
        label: 'churn, HTTP endpoints',
        repetition,
        expected: endpoints.length * (1 + 2 * httpSeconds),
        run: () => driveEndpoints(endpoints, profile, httpSeconds),
      })),
    ];
  },
});

/** All servers are up at once, and one after the other is driven. */
async function driveEndpoints(entries: readonly Entry[], { cores }: Profile, httpSeconds: number): Promise<Outcome> {
  const group = await Group.start(entries, { passwords: 'scrypt' });
  try {
    await group.keepTo(cores);
    const samples: Outcome['samples'][number][] = [];
    for (const running of group.runningEntries) {
      const { entry, server, generator } = running;
      await group.guard(running, async () => {
        const users = await server.call.addUsers('client', HTTP_CONNECTIONS);
        for (const endpoint of entry.httpEndpoints) {
          const { requestsPerSecond, failed } = await generator.call.httpEndpoint(
            server.url,
            endpoint,
            users,
            httpSeconds,
          );
          samples.push({
            suite: id,
            entry: entryKeyOf(entry),
            metric: 'http-requests-per-second',
            value: requestsPerSecond,
            params: { endpoint, connections: HTTP_CONNECTIONS },
            ...(failed > 0 && { void: `${failed} failed requests` }),
          });
        }
      });
    }
    return { samples, failures: group.failures };
  } finally {
    await group.stop();
  }
}
