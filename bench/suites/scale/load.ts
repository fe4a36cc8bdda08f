import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from '../../../harness/processes/cluster.ts';
import { type Generator, startGenerator } from '../../../harness/processes/generator.ts';
import type { Entry } from '../../model/entry.ts';
import type { Sample } from '../../model/sample.ts';

/** Over all nodes, so that the load is the same however many there are. */
const CONNECTIONS = 16;
const IN_FLIGHT = 80;
/** Before a load is counted, in ms. */
const WARM_UP = 500;

/** What messages, and clients that come and go, take of all nodes together under one load that is spread over them. */
export async function serveAll(entry: Entry, cluster: Cluster, seconds: number): Promise<Sample[]> {
  const generator = await startGenerator();
  try {
    const urls = cluster.servers.map(({ url }) => url);
    const share = CONNECTIONS / urls.length;
    for (const [index, url] of urls.entries()) {
      await generator.call.aim(url, entry.spec);
      await generator.call.signIn(url, await cluster.addUsers(`load-${index}`, share));
      await generator.call.connect(url, share);
    }
    const params = { nodes: urls.length, load: 'closed loop' };
    const said = await under((url) => generator.call.load(url, IN_FLIGHT / urls.length));
    await Promise.all(urls.map((url) => generator.call.leave(url)));
    const came = await under((url) => generator.call.churn(url, share));
    return [
      { metric: 'messages-per-second', value: said.count / seconds, params, ...said.wrong },
      { metric: 'server-cpu-per-message', value: said.cpu / said.count, params, ...said.wrong },
      { metric: 'connects-per-second', value: came.count / seconds, params, ...came.wrong },
      { metric: 'server-cpu-per-connection', value: came.cpu / came.count / 1000, params, ...came.wrong },
    ];

    async function under(begin: (url: string) => Promise<void>) {
      await Promise.all(urls.map(begin));
      await delay(WARM_UP);
      const [cpu, before] = [await cluster.cpu(), await countOf(generator, urls)];
      await delay(1000 * seconds);
      const [cpuThen, after] = [await cluster.cpu(), await countOf(generator, urls)];
      await Promise.all(urls.map((url) => generator.call.stop(url)));
      const { wrong } = await countOf(generator, urls);
      return {
        cpu: cpuThen - cpu,
        count: after.count - before.count,
        wrong: wrong > 0 ? { wrong: `${wrong} wrong answers` } : {},
      };
    }
  } finally {
    await generator.stop();
  }
}

async function countOf(generator: Generator, urls: readonly string[]): Promise<{ count: number; wrong: number }> {
  const done = await Promise.all(urls.map((url) => generator.call.sample(url)));
  return done.reduce((sum, { count, wrong }) => ({ count: sum.count + count, wrong: sum.wrong + wrong }), {
    count: 0,
    wrong: 0,
  });
}
