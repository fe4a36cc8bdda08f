import { BareClient } from '../load/bare-client.ts';
import { type Handlers, serve } from './rpc.ts';

let client: BareClient | undefined;

function connected(): BareClient {
  if (client === undefined) throw new TypeError('Cannot load a server before it is connected to');
  return client;
}

const handlers = {
  async connect(url: string, connections: number): Promise<void> {
    client = await BareClient.connect(url, connections);
  },
  load: (inFlight: number) => connected().load(inFlight),
  stop: () => connected().stop(),
  /** Messages so far, and CPU of this process so far in us. */
  used(): { count: number; cpu: number } {
    const { user, system } = process.cpuUsage();
    return { count: connected().count, cpu: user + system };
  },
} satisfies Handlers;

export type BareClientHandlers = typeof handlers;

serve(handlers);
